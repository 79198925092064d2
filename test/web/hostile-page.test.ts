// Tests in a real Chromium that a page of another port of this machine reaches nothing: a browser must refuse as the server does.
import { createServer } from 'node:http'
import type { Page as Tab } from 'playwright-core'
import * as assert from 'uvu/assert'
import { suite } from '../helpers/suite.ts'
import { chromiumPath, noChromium, openChromium, Web } from '../helpers/web.ts'

suite('web: a hostile page', (test) => {
  if (chromiumPath === undefined) {
    test('needs a browser', () => console.log(noChromium))
    return
  }

  test('a page from another port of localhost, with the address but without the secret, reaches nothing', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    await using evil = await hostilePage()
    await using browser = await openChromium()
    const tab = await browser.newPage()
    await tab.goto(evil.address)
    const attacks = await tab.evaluate(attack, { host: web.host, token: 'x'.repeat(43) })
    assert.equal(attacks, {
      read: 'refused',
      written: 'nothing to read',
      script: 'refused',
      style: 'refused',
      image: 'refused',
      socket: 'closed',
      opened: 'no handle',
    })
    assert.not.ok(await showsFrame(tab, web.host))
    // Even with the token, its Origin is another one.
    const told = await tab.evaluate(attack, { host: web.host, token: web.token })
    assert.is(told.socket, 'closed')
    assert.not.ok(page.received.some(({ type }) => type === 'taken-over'))
    page.close()
  })

  test('the same attack reaches a server without these rules', async () => {
    await using naive = await hostilePage()
    await using evil = await hostilePage()
    await using browser = await openChromium()
    const tab = await browser.newPage()
    await tab.goto(evil.address)
    const { script, image } = await tab.evaluate(attack, {
      host: new URL(naive.address).host,
      token: '',
    })
    assert.equal({ script, image }, { script: 'loaded', image: 'loaded' })
    assert.ok(await showsFrame(tab, new URL(naive.address).host))
  })

  test('the page itself loads nothing from elsewhere, and runs no script of others', async () => {
    await using web = await Web.start(['free'])
    await using browser = await openChromium()
    const tab = await browser.newPage()
    const elsewhere: string[] = []
    const errors: string[] = []
    tab.on('request', (request) => {
      if (new URL(request.url()).host !== web.host) elsewhere.push(request.url())
    })
    tab.on('pageerror', (error) => errors.push(String(error)))
    tab.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await tab.goto(web.address)
    await tab.locator('text=outside').first().waitFor()
    assert.equal([elsewhere, errors], [[], []])
    const violated = await tab.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) =>
            resolve(event.effectiveDirective),
          )
          const script = document.createElement('script')
          script.textContent = 'globalThis.injected = true'
          document.body.append(script)
          setTimeout(() => resolve('none'), 5000)
        }),
    )
    assert.match(violated, 'script-src')
    assert.is(await tab.evaluate(() => 'injected' in globalThis), false)
    // The address keeps no secret for the history, and a reload still works.
    await tab.reload()
    await tab.locator('text=outside').first().waitFor()
  })
})

/** Whether the page shows one of that address in a frame. Chromium puts a page of its own in place of a refused one. */
async function showsFrame(tab: Tab, host: string): Promise<boolean> {
  const texts = await Promise.all(
    tab
      .frames()
      .slice(1)
      .map((frame) => frame.evaluate(() => location.href).catch(() => '')),
  )
  return texts.some((text) => text.includes(host))
}

/** Serves a page, and a script and picture that anybody may load. */
async function hostilePage() {
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/page.js'
        ? ['text/javascript', 'globalThis.loaded = true']
        : request.url?.startsWith('/icon') === true
          ? ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>']
          : ['text/html', '<!doctype html><title>evil</title><p>evil']
    response.setHeader('Content-Type', type)
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    address: `http://localhost:${port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Runs in the hostile page. */
async function attack({ host, token }: { readonly host: string; readonly token: string }) {
  const base = `http://${host}/`
  const settled = <Result>(promise: Promise<Result>, failed: string) =>
    promise.then(String, () => failed)
  const element = (name: 'script' | 'link' | 'img', set: (made: HTMLElement) => void) =>
    new Promise<string>((resolve) => {
      const made = document.createElement(name)
      made.addEventListener('load', () => resolve('loaded'))
      made.addEventListener('error', () => resolve('refused'))
      set(made)
      document.head.append(made)
    })
  const frame = document.createElement('iframe')
  const framed = new Promise<void>((resolve) => {
    frame.addEventListener('load', () => resolve())
    setTimeout(resolve, 3000)
  })
  frame.src = base
  document.body.append(frame)
  const socket = new Promise<string>((resolve) => {
    const opened = new WebSocket(`ws://${host}/`)
    opened.addEventListener('open', () =>
      opened.send(JSON.stringify({ type: 'hello', version: 1, token })),
    )
    opened.addEventListener('message', ({ data }) => resolve(`answered ${String(data)}`))
    opened.addEventListener('close', () => resolve('closed'))
  })
  const opened = globalThis.open(base)
  const results = {
    read: await settled(
      fetch(base).then((answer) => answer.text()),
      'refused',
    ),
    written: await settled(
      fetch(base, { method: 'POST', mode: 'no-cors', body: '{"type":"open"}' }).then((answer) =>
        answer.type === 'opaque' && answer.status === 0 ? 'nothing to read' : 'answered',
      ),
      'nothing to read',
    ),
    script: await element('script', (made) => made.setAttribute('src', `${base}page.js`)),
    style: await element('link', (made) => {
      made.setAttribute('rel', 'stylesheet')
      made.setAttribute('href', `${base}page.css`)
    }),
    image: await element('img', (made) => made.setAttribute('src', `${base}icon.svg`)),
    socket: await socket,
    opened: '',
  }
  await framed
  try {
    results.opened = (opened?.closed ?? true) ? 'no handle' : String(opened?.location.href)
  } catch {
    results.opened = 'no access'
  }
  return results
}

// Goes through a lesson, a broken network and a free world in Chromium, with the real kernel behind the page.
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { browserSuite, textOf } from '../helpers/browser.ts'
import { hasContrast, looksRight } from '../helpers/looks.ts'
import { Web } from '../helpers/web.ts'

const ready = '.actions:not(.waits) .primary'

/** Types a line into the terminal of a node. */
async function typeOn(page: Page, node: string, line: string): Promise<void> {
  await page.click(`[role=tab].of-node:has-text("${node}")`)
  await page.waitForFunction(
    (prompt) => document.querySelector('.content .xterm-rows')?.textContent?.includes(prompt),
    `${node}#`,
  )
  await page.click('.content .xterm-screen')
  await page.keyboard.type(`${line}\n`)
}

/** Presses Enter until the lesson has ended, and answers each question with its first answer. */
async function playToEnd(page: Page): Promise<{ questions: number; red: number }> {
  const seen = { questions: 0, red: 0 }
  let before = ''
  for (;;) {
    await page.waitForFunction(
      ([selector, last]) => {
        const button = document.querySelector(selector ?? '')
        const where = document.querySelector('.rows [aria-current], .rows .card')
        return button !== null && `${button.textContent} ${where?.textContent}` !== last
      },
      [ready, before],
    )
    const label = await textOf(page, ready)
    if (/Go on with|Home/.test(label)) return seen
    if (label.startsWith('Answer')) {
      seen.questions += 1
      await page.keyboard.press('1')
      await page.waitForSelector(`${ready}:enabled`)
    }
    before = await page.evaluate((selector) => {
      const where = document.querySelector('.rows [aria-current], .rows .card')
      return `${document.querySelector(selector)?.textContent} ${where?.textContent}`
    }, ready)
    await page.keyboard.press('Enter')
    // The card changes before the button does.
    if (label.startsWith('Answer'))
      await page.waitForFunction(
        (selector) => !document.querySelector(selector)?.textContent?.startsWith('Answer'),
        ready,
      )
    seen.red += await page.locator('.verdict.fails').count()
  }
}

browserSuite('the page with a kernel behind it', (test, open) => {
  test('a lesson from home: typed by hand, run, looked back at, and played to its end', async () => {
    await using web = await Web.start()
    const { page, errors } = await open(web.address)
    await page.waitForSelector('.lesson')
    await looksRight(page, 'home')
    await hasContrast(page, 'home')
    await page.click('.lesson:has-text("veth-pair") button')
    await page.waitForSelector(`.command-row.is-next`)
    // The picture is that of the kernel: outside and host, and a new namespace at once.
    await page.waitForSelector('.picture svg')
    // At once: a second lab finds out the goal of the command only later.
    await typeOn(page, 'host', (await textOf(page, '.is-next .command')).trim())
    await page.waitForSelector('.command-row.is-typed')
    assert.match(await textOf(page, '.is-typed .state'), /typed by you ✓/)
    // A key in a terminal is the shell's; Ctrl+] leaves it.
    await page.keyboard.press('Control+]')
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'tab')
    await page.click('h1')
    await page.waitForSelector(`${ready}:enabled`)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.command-row.is-run')
    // Looking back: the page says so, the terminals stay, and n returns.
    await page.keyboard.press('ArrowLeft')
    await page.waitForFunction(
      () => document.querySelector('.time .where')?.textContent === 'looking back',
    )
    assert.match(await textOf(page, '.step .aside'), /Nothing was undone/)
    await page.keyboard.press('n')
    await page.waitForFunction(
      () => document.querySelector('.time .where')?.textContent !== 'looking back',
    )
    // A reload finds the lesson where it was.
    await page.reload()
    await page.waitForSelector('.command-row.is-typed')
    // Why a command is there: a check that fails without it is followed in a network that is built without it.
    const first = page.locator('.command-row.is-typed').first()
    await first.locator('button.number').click()
    const why = first.locator('.why button')
    await why.first().click()
    await first.locator('.why .third').first().waitFor()
    await why.first().click()
    await why.filter({ hasText: 'Follow it' }).first().click()
    await page.waitForSelector('.packet-story')
    await page.waitForSelector('.bar :text("left out")')
    await page.keyboard.press('Escape')
    await page.locator('.packet-story').waitFor({ state: 'detached' })
    const { questions, red } = await playToEnd(page)
    assert.is(questions, 8)
    assert.is(red, 0)
    assert.match(await textOf(page, '.ending'), /8 of 8 checks hold/)
    await page.click('.bar .brand')
    await page.waitForSelector('.lesson.done:has-text("veth-pair")')
    // The language and the theme are kept.
    await page.click('.bar button[aria-label="Dark colours"]')
    await page.click('.bar button:has-text("English")')
    await page.waitForSelector('html[lang=zh-Hans][data-theme=dark]')
    await page.reload()
    await page.waitForSelector('.lesson.done:has-text("veth-pair")')
    await page.waitForSelector('html[lang=zh-Hans][data-theme=dark] .bar button:has-text("中文")')
    assert.equal(errors, [])
    await page.close()
  })

  test('a broken network is found, repaired in a terminal, and judged', async () => {
    await using web = await Web.start(['fix', '1'])
    const { page, errors } = await open(web.address)
    await page.waitForSelector('.answers .fail')
    await looksRight(page, 'a broken network')
    await hasContrast(page, 'a broken network')
    // A repair that has not been made is judged, and says what does not work.
    await page.click(`${ready}:has-text("Check my repair")`)
    await page.waitForSelector('.verdict.fails')
    assert.match(await textOf(page, '.verdict.fails'), /It does not work yet/)
    const wrong = page.locator('.causes + .options label:not(:has-text("not forward"))').first()
    await wrong.click()
    await page.click(`${ready}:has-text("Name this cause")`)
    await page.waitForSelector('.causes li')
    assert.is(await page.locator('.causes .right').count(), 0)
    await typeOn(page, 'host', 'sysctl -w net.ipv4.conf.all.forwarding=1')
    await page.waitForSelector('.caption:has-text("forwarding")')
    // The cause is named after the repair: its evidence is that of the fault.
    await page.click('.options label:has-text("not forward")')
    await page.click(`${ready}:has-text("Name this cause")`)
    await page.waitForSelector('.causes .right')
    assert.match(await textOf(page, '.causes .right pre'), /net\.ipv4\.conf\.all\.forwarding = 0/)
    await page.click(`${ready}:has-text("Check my repair")`)
    await page.waitForSelector('.verdict.right')
    assert.match(await textOf(page, '.verdict.right'), /this network is solved/)
    // Also after a reload the page offers the next network.
    await page.reload()
    await page.click(`${ready}:has-text("Next: 2")`)
    await page.waitForSelector('.fix .meta:has-text("Broken network 2")')
    // Nothing can be judged before the network is built.
    await page.waitForSelector('.actions button:has-text("Check my repair")')
    assert.equal(errors, [])
    await page.close()
  })

  test('a free world: the picture follows a terminal, and the world is saved and opened again', async () => {
    await using web = await Web.start(['free'])
    const { page, errors } = await open(web.address)
    await page.waitForSelector('.picture svg')
    assert.is(await page.locator('.actions button').count(), 3)
    await looksRight(page, 'a free world')
    await page.click('.examples button:has-text("ip netns add ns1")')
    await page.waitForSelector('[role=tab].of-node:has-text("ns1")')
    await typeOn(page, 'host', 'ip netns add blue')
    await page.waitForSelector('[role=tab].of-node:has-text("blue")')
    await page.fill('.save input', 'one-namespace')
    await page.click('.save button')
    await page.waitForSelector('.save [role=status]:has-text("Saved")')
    // A saved world is replaced only when that is wanted.
    await page.click('.save button')
    await page.waitForSelector('.save [role=status]:has-text("was saved before")')
    await page.click('.save button:has-text("Replace it")')
    await page.waitForSelector('.save [role=status]:has-text("Saved")')
    await page.click('.bar .brand')
    await page.click('.files li:has-text("one-namespace") button')
    await page.waitForSelector('[role=tab].of-node:has-text("blue")')
    assert.equal(errors, [])
    await page.close()
  })
})

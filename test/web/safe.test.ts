// Tests that only the page of this run reaches the server: each rule of docs/web.md, by requests that break it.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { protocolVersion } from '../../lib/web/protocol.ts'
import { suite } from '../helpers/suite.ts'
import { until } from '../helpers/until.ts'
import { commandOf, processesWith } from '../helpers/machine.ts'
import { Page, Web } from '../helpers/web.ts'

suite('web: safe', (test) => {
  test('1: the server listens on 127.0.0.1 alone', async () => {
    await using web = await Web.start()
    const port = Number(web.host.split(':')[1])
    const hex = port.toString(16).toUpperCase().padStart(4, '0')
    const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => new RegExp(`^ *\\d+: \\w+:${hex} \\w+:0000 0A`).test(line)),
    )
    assert.is(listening.length, 1)
    assert.match(listening[0] ?? '', `0100007F:${hex}`)
  })

  test('2: the token has 256 bits, is another in each run, and stands on no command line', async () => {
    await using one = await Web.start()
    await using other = await Web.start()
    assert.is(Buffer.from(one.token, 'base64url').length, 32)
    assert.is.not(one.token, other.token)
    assert.is((await web(one, requestOf(one))).status, 200)
    for (const pid of processesWith(one.marker)) assert.not.match(commandOf(pid), one.token)
    const { headers } = await web(one, requestOf(one))
    assert.not.match(headers, /set-cookie/i)
  })

  test('2: a browser is opened by a file that only its user may read', async () => {
    const script = 'stat -c %a "$1"; cat "$1"; tr "\\0" " " </proc/$$/cmdline; echo'
    await using run = await Web.startWithBrowser(script)
    assert.ok(await until(() => /page-\d+\.html/.test(run.browserLog), 20), run.browserLog)
    assert.match(run.browserLog, /^600$/m)
    assert.match(run.browserLog, `url=${run.address}`)
    const line = run.browserLog.split('\n').findLast((text) => text.includes('page-')) ?? ''
    assert.not.match(line, run.token)
    // The page has the token now, so the file is gone.
    const page = await run.page()
    const [, file = ''] = /(\S+page-\d+\.html)/.exec(line) ?? []
    assert.ok(await until(() => spawnSync('test', ['-e', file]).status !== 0, 10))
    page.close()
  })

  test('2: without the token, or with that of another run, the connection is closed', async () => {
    await using one = await Web.start(['free'])
    await using other = await Web.start()
    for (const token of ['', other.token, one.token.slice(1), `${one.token}x`]) {
      const page = new Page({ host: one.host, token })
      assert.ok(await until(() => page.closed !== undefined, 20))
      assert.is(page.closed?.code, 1008)
      assert.equal(page.received, [])
    }
    const silent = new WebSocket(`ws://${one.host}/`, { origin: `http://${one.host}` })
    const answers: string[] = []
    silent.on('message', (data: Buffer) => answers.push(data.toString()))
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('open', resolve))
    silent.send('{"type":"terminal-open","terminal":"t","node":"host","columns":80,"rows":24}')
    assert.ok(await until(() => silent.readyState === WebSocket.CLOSED, 20))
    assert.equal(answers, [])
    // The right one is still welcome.
    const page = await one.page()
    page.close()
  })

  test('3: a wrong, missing or second Host is refused, for pages and for WebSockets', async () => {
    await using run = await Web.start()
    const { host } = run
    const port = host.split(':')[1] ?? ''
    const wrong = [
      '',
      'Host: evil.example\r\n',
      `Host: evil.example:${port}\r\n`,
      'Host: 127.0.0.1\r\n',
      `Host: ${host}\r\nHost: evil.example\r\n`,
      `Host: ${host}\r\nHost: ${host}\r\n`,
      `Host: 127.0.0.1:1\r\n`,
      `Host: ${host}.evil.example\r\n`,
      `Host: evil.example@${host}\r\n`,
      `Host: ${host},evil.example\r\n`,
      `Host: ${host}\r\n evil.example\r\n`,
      ...['LOCALHOST', 'localhost.', '127.0.0.1.', '127.1', '2130706433', '0.0.0.0', '[::1]'].map(
        (name) => `Host: ${name}:${port}\r\n`,
      ),
      `Host: 127.0.0.1:0${port}\r\n`,
    ]
    for (const headers of wrong)
      for (const upgrade of [false, true]) {
        const { status } = await web(run, requestOf(run, { host: headers, upgrade }))
        assert.ok(status === 403 || status === 400, `${headers} gave ${status}`)
      }
    assert.is((await web(run, requestOf(run, { upgrade: true }))).status, 101)
    const local = `localhost:${port}`
    const fits = { host: `Host: ${local}\r\n`, upgrade: true, origin: `http://${local}` }
    assert.is((await web(run, requestOf(run, fits))).status, 101)
  })

  test('3: a wrong, missing or second Origin is refused', async () => {
    await using run = await Web.start()
    const port = Number(run.host.split(':')[1])
    const wrong = [
      null,
      'null',
      'http://evil.example',
      `http://evil.example:${port}`,
      `https://${run.host}`,
      `http://127.0.0.1:${port + 1}`,
      `http://localhost:${port}`,
      'file://',
      `http://${run.host}/`,
    ]
    for (const origin of wrong) {
      const { status } = await web(run, requestOf(run, { upgrade: true, origin }))
      assert.is(status, 403, String(origin))
    }
    const two = requestOf(run, { upgrade: true }).replace(
      '\r\n\r\n',
      '\r\nOrigin: http://evil.example\r\n\r\n',
    )
    assert.is((await web(run, two)).status, 403)
    const page = requestOf(run, { origin: 'http://evil.example' })
    assert.is((await web(run, page)).status, 403)
  })

  if (process.getuid?.() === 0)
    test('3: a connection of another local user is refused', async () => {
      await using run = await Web.start(['--in', 'namespaces', 'free'], { env: { SUDO_UID: '0' } })
      // Root may do everything; so the server here is that of root, and nobody connects.
      const line = `exec 3<>/dev/tcp/127.0.0.1/${run.host.split(':')[1]}; printf '${requestOf(run).replaceAll('\r\n', '\\r\\n')}' >&3; head -1 <&3`
      const asNobody = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', 'bash', '-c', line])
      assert.match(asNobody.stdout.toString(), / 403 /)
      const asRoot = spawnSync('bash', ['-c', line])
      assert.match(asRoot.stdout.toString(), / 200 /)
    })

  if (process.getuid?.() === 0)
    test('3: another local user cannot take all places for connections', async () => {
      await using run = await Web.start(['--in', 'namespaces'], { env: { SUDO_UID: '0' } })
      const line = `for i in $(seq 200); do exec {fd}<>/dev/tcp/127.0.0.1/${run.host.split(':')[1]} || break; done; echo open; sleep 60`
      const other = spawn('setpriv', ['--reuid=65534', '--clear-groups', 'bash', '-c', line], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      try {
        await new Promise((resolve) => other.stdout.once('data', resolve))
        const answered = () =>
          web(run, requestOf(run)).then(
            ({ status }) => status === 200,
            () => false,
          )
        assert.ok(await until(answered, 20))
      } finally {
        other.kill('SIGKILL')
      }
    })

  test('3: a message with wrong fields ends neither the lab nor its world', async () => {
    await using run = await Web.start(['free'])
    const page = await run.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    const wrong: readonly object[] = [
      ...['__proto__', 5, null, {}, 'terminal-', 'run'].map((type) => ({ type })),
      { type: 'choose', name: '__proto__', value: '{"polluted":true}' },
      { type: 'ask' },
      { type: 'ask', id: {}, about: { kind: 'save', name: ['../x'] } },
      { type: 'ask', id: 1, about: { kind: 'follow', node: '__proto__', line: 5 } },
      { type: 'terminal-open', terminal: {}, node: 5, columns: null, rows: 'x' },
      { type: 'terminal-open', terminal: 'x', node: '../../proc', columns: 1e12, rows: -1 },
      { type: 'terminal-data', terminal: 't', data: 5 },
      { type: 'terminal-data', terminal: 't' },
      { type: 'terminal-resize', terminal: 't', columns: null, rows: {} },
      { type: 'terminal-ack', terminal: 't', characters: 'x' },
      { type: 'open', what: 5 },
    ]
    for (const message of wrong) page.socket.send(JSON.stringify(message))
    page.type('t', '\u0015echo still""here\n')
    assert.ok(await page.shows('t', 'stillhere'))
    page.close()
  })

  test('4: nothing is changed over plain HTTP', async () => {
    await using run = await Web.start()
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const origin of [null, `http://${run.host}`]) {
        const { status } = await web(run, requestOf(run, { method, origin }))
        assert.is(status, 403, method)
      }
    for (const path of [
      '/live',
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/\\..\\package.json',
      '/page.js%00',
      '/./page.js',
      '/__proto__',
      '/page.ts',
      '//etc',
      `http://${run.host}/page.js`,
    ])
      assert.is((await web(run, requestOf(run, { path }))).status, 404, path)
  })

  test('5: every answer has the headers that keep other sites out', async () => {
    await using run = await Web.start()
    for (const request of [
      requestOf(run),
      requestOf(run, { path: '/none' }),
      requestOf(run, { host: '' }),
    ]) {
      const { status, headers } = await web(run, request)
      // Node itself answers a request without a Host.
      if (status === 400) continue
      assert.match(headers, /content-security-policy: default-src 'none'; script-src 'self'; /i)
      assert.match(headers, /frame-ancestors 'none'/)
      assert.match(headers, /x-content-type-options: nosniff/i)
      assert.match(headers, /cross-origin-resource-policy: same-origin/i)
      assert.match(headers, /cross-origin-opener-policy: same-origin/i)
      assert.match(headers, /referrer-policy: no-referrer/i)
      assert.not.match(headers, /access-control-/i)
    }
    const asked = async (more: string) => (await web(run, requestOf(run, { more }))).status
    const of = (site: string, mode: string, dest: string) =>
      `Sec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${dest}\r\n`
    assert.is(await asked(of('cross-site', 'navigate', 'document')), 200)
    assert.is(await asked(of('same-origin', 'no-cors', 'script')), 200)
    for (const more of [
      of('same-site', 'no-cors', 'script'),
      of('cross-site', 'navigate', 'iframe'),
      of('cross-site', 'navigate', 'object'),
      of('cross-site', 'cors', 'empty'),
      'Sec-Fetch-Site: cross-site\r\n',
      `Sec-Fetch-Site: none\r\n${of('cross-site', 'no-cors', 'script')}`,
    ])
      assert.is(await asked(more), 403, more)
  })

  test('6: at most 8 terminals, and one whose output nobody takes waits', async () => {
    await using run = await Web.start(['free'])
    const page = await run.page()
    await page.turn('free')
    for (let number = 1; number <= 9; number += 1)
      page.send({
        type: 'terminal-open',
        terminal: `t${number}`,
        node: 'host',
        columns: 80,
        rows: 24,
      })
    assert.match((await page.get('notice')).text, /at most 8 terminals/)
    assert.ok(await until(() => page.terminals.size === 8, 30))
    page.acknowledges = false
    page.type('t1', 'yes | head -c 3000000; echo the e""nd\n')
    assert.ok(await until(() => (page.terminals.get('t1') ?? '').length > 200_000, 30))
    const size = () => (page.terminals.get('t1') ?? '').length
    let last = -1
    await until(() => last === (last = size()), 30)
    assert.ok(last < 600_000, `${last} characters came without an acknowledgement`)
    assert.not.ok(await page.shows('t1', 'the end', 0))
    // The other terminals go on.
    page.type('t2', 'echo still""here\n')
    assert.ok(await page.shows('t2', 'stillhere'))
    page.acknowledges = true
    page.send({ type: 'terminal-ack', terminal: 't1', characters: size() })
    assert.ok(await page.shows('t1', 'the end', 60))
    page.close()
  })

  test('7: a terminal is inside the sandbox, and nothing of the machine outside is there', async () => {
    await using run = await Web.start(['free'])
    const page = await run.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    page.type(
      't',
      'ip -brief address show eth0; readlink /proc/self/ns/net; echo pid $$; echo don""e\n',
    )
    assert.ok(await page.shows('t', 'done'))
    const output = page.terminals.get('t') ?? ''
    assert.match(output, '203.0.113.2/24')
    assert.not.match(output, readlinkSync('/proc/self/ns/net'))
    const [, pid = '1000'] = /^pid (\d+)/m.exec(output) ?? []
    assert.ok(Number(pid) < 1000, output)
    page.close()
  })

  test('a second page takes over, and the first is told', async () => {
    await using run = await Web.start(['free'])
    const first = await run.page()
    await first.turn('free')
    await first.terminal('t', 'host')
    const second = await run.page()
    await first.get('taken-over')
    assert.ok(await until(() => first.closed !== undefined, 20))
    assert.equal((await second.get('opened')).terminals, [{ terminal: 't', node: 'host' }])
    second.type('t', 'echo still""here\n')
    assert.ok(await second.shows('t', 'stillhere'))
    second.close()
  })
})

type Wanted = {
  readonly method?: string
  readonly path?: string
  /** The whole lines of the header. */
  readonly host?: string
  readonly origin?: string | null
  readonly upgrade?: boolean
  readonly more?: string
}

/** A request as it stands on the wire: no library writes two Host headers. */
function requestOf({ host }: { readonly host: string }, wanted: Wanted = {}): string {
  const { method = 'GET', path = '/', upgrade = false, more = '' } = wanted
  const origin = wanted.origin === undefined && upgrade ? `http://${host}` : (wanted.origin ?? null)
  return [
    `${method} ${path} HTTP/1.1\r\n`,
    wanted.host ?? `Host: ${host}\r\n`,
    origin === null ? '' : `Origin: ${origin}\r\n`,
    upgrade
      ? 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
      : 'Connection: close\r\n',
    `X-Netdojo-Version: ${protocolVersion}\r\n`,
    `${more}\r\n`,
  ].join('')
}

/** Sends the bytes. @returns the answer's status and headers. */
function web({ host }: { readonly host: string }, request: string) {
  return new Promise<{ readonly status: number; readonly headers: string }>((resolve, reject) => {
    let text = ''
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1', () => socket.write(request))
    socket.on('error', reject)
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const headers = text.slice(0, end)
      socket.destroy()
      resolve({ status: Number(headers.split(' ')[1]), headers })
    })
    socket.on('end', () => resolve({ status: 0, headers: text }))
  })
}

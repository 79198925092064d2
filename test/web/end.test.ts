// Tests that the lab of the page leaves nothing on the machine, however the server, the sandbox or the page ends.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { commandOf, leftAfter10Seconds, ownTraces, processesWith } from '../helpers/machine.ts'
import { newDirectory } from '../helpers/directory.ts'
import { suite } from '../helpers/suite.ts'
import { until } from '../helpers/until.ts'
import { Web } from '../helpers/web.ts'

suite('web: the end', (test, slow) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    const define = signal === 'SIGINT' || signal === 'SIGKILL' ? test : slow
    define(`${signal} to the server, with a terminal that is busy`, async () => {
      const before = await ownTraces()
      await using web = await Web.start(['free'])
      const page = await web.page()
      await page.turn('free')
      await page.terminal('t', 'host')
      page.type(
        't',
        'trap "" INT TERM HUP; ip link add br0 type bridge; (setsid sleep 1000 &); yes >/dev/null\n',
      )
      await page.moment('state', ({ after }) => after.kind === 'change')
      assert.ok(processesWith(web.marker).length > 2)
      web.process.kill(signal)
      assert.ok(await web.ended(10))
      if (signal !== 'SIGKILL') assert.is(web.process.exitCode, 0, web.errors)
      assert.equal(await leftAfter10Seconds(web.marker), [])
      assert.ok(await until(() => page.closed !== undefined, 10))
      assert.equal(await ownTraces(), before)
    })
  }

  test('SIGKILL to the sandbox: the page is told, and the next world starts under the same page', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    const inside = processesWith(web.marker).filter((pid) => commandOf(pid).startsWith('unshare '))
    assert.is(inside.length, 1)
    process.kill(Number(inside[0]), 'SIGKILL')
    const { error } = await page.get('ended')
    assert.ok(error)
    await page.get('terminal-ended', ({ terminal }) => terminal === 't')
    page.received.length = 0
    page.send({ type: 'open', what: { kind: 'free', world: null } })
    await page.turn('free')
    await page.terminal('t', 'host')
    page.close()
  })

  test('a lesson that lacks a program: the page is told, also a page that comes later', async () => {
    const file = join(newDirectory(), 'lesson.ts')
    writeFileSync(
      file,
      `export default { name: 'lesson', title: '', about: '', topology: '', programs: { nonesuch: 'nonesuch-server' }, play: async () => {} }`,
    )
    await using web = await Web.start([file])
    for (let time = 0; time < 2; time += 1) {
      const page = await web.page()
      const { text } = await page.get('notice')
      assert.match(text, /it needs the program nonesuch, which is not installed/)
      assert.match(text, /apt-get install nonesuch-server/)
      page.close()
    }
  })

  test('programs that outlive their shells leave no zombies in a world', async () => {
    await using web = await Web.start(['free'])
    const page = await web.page()
    await page.turn('free')
    await page.terminal('t', 'host')
    // The subshells end first, so that the programs become children of the first process.
    page.type('t', 'for i in 1 2 3 4 5; do (sleep 0.1 &); done; sleep 1; echo orphans en""ded\n')
    assert.ok(await page.shows('t', 'orphans ended'))
    const zombies = 'cat /proc/[0-9]*/stat 2>/dev/null | grep -c ") Z "'
    page.type('t', `until [ "$(${zombies})" = 0 ]; do sleep 0.1; done; echo no zom""bies\n`)
    assert.ok(await page.shows('t', 'no zombies'))
    page.close()
  })

  test('a world that is closed ends at once, and a closed page ends the lab after its grace time', async () => {
    const before = await ownTraces()
    await using web = await Web.start(['--grace', '1', 'free'])
    const first = await web.page()
    await first.turn('free')
    const sandbox = () =>
      processesWith(web.marker).filter((pid) => commandOf(pid).startsWith('unshare '))
    assert.is(sandbox().length, 1)
    first.send({ type: 'open', what: null })
    assert.ok(await until(() => sandbox().length === 0, 10))
    first.send({ type: 'open', what: { kind: 'free', world: null } })
    await first.turn('free')
    first.close()
    // A page that comes back in time finds its world.
    const second = await web.page()
    assert.ok(await second.turn('free'))
    await sleep(2000)
    assert.is(web.process.exitCode, null)
    second.close()
    assert.ok(await web.ended(20))
    assert.equal([web.process.exitCode, web.errors.includes('The page was closed')], [0, true])
    assert.equal(await leftAfter10Seconds(web.marker), [])
    assert.equal(await ownTraces(), before)
  })

  test('unknown names and options are wrong usage, before anything starts', async () => {
    for (const args of [
      ['nonesuch'],
      ['fix'],
      ['fix', '99'],
      ['--port', '70000'],
      ['--grace', 'x'],
    ]) {
      const error = await Web.start(args).then(() => 'it started', String)
      assert.match(error, /cannot (read|find)/, args.join(' '))
    }
  })
})

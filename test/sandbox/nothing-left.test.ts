// Checks that a run leaves nothing on the machine, however it ends: killed at random moments, interrupted or terminated.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { searchPath } from '../../lib/exec/search-path.ts'
import { commandOf, leftAfter10Seconds, ownTraces, processesWith } from '../helpers/machine.ts'
import { slow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'
import { newDirectory } from '../helpers/directory.ts'

const root = join(import.meta.dirname, '../..')
const kills = Number(process.env.NETDOJO_KILLS ?? (slow ? 6 : 3))

// The runs have a temporary directory of their own, so that other programs of this machine do not matter.
const temporary = newDirectory()

suite('nothing left', (test, slowTest) => {
  test(
    `SIGKILL to npm at ${kills} random moments`,
    async () => {
      const before = await ownTraces()
      let stillRunning = 0
      for (let kill = 0; kill < kills; kill += 1) {
        const { marker, npm } = start(['run', 'scenario', 'bridge-nat'])
        while (processesWith(marker).length < 2) await sleep(20)
        await sleep(Math.random() * 1500)
        stillRunning += processesWith(marker).length > 1 ? 1 : 0
        npm.kill('SIGKILL')
        assert.equal(await leftAfter10Seconds(marker), [], `run ${kill}`)
      }
      // Otherwise no run was killed, and the test proves nothing.
      assert.ok(
        stillRunning >= kills / 3,
        `${stillRunning} of ${kills} were still running when killed`,
      )
      assert.equal(await ownTraces(), before)
      assert.equal(readdirSync(temporary), [])
    },
    { seconds: 30 + kills * 10 },
  )

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    slowTest(`${signal} to npm while a shell runs`, async () => {
      const before = await ownTraces()
      const { marker, npm } = start([
        'run',
        'shell',
        '--',
        '-c',
        'ip link add br0 type bridge; sleep 60',
      ])
      while (!processesWith(marker).some((pid) => commandOf(pid).startsWith('sleep')))
        await sleep(20)
      npm.kill(signal)
      assert.equal(await leftAfter10Seconds(marker), [])
      assert.equal(await ownTraces(), before)
      assert.equal(readdirSync(temporary), [])
    })
  }

  test('Ctrl-C in a terminal', async () => {
    const before = await ownTraces()
    const marker = `NETDOJO_TEST=${crypto.randomUUID()}`
    const { exitCode } = await inTerminal(
      `${marker} npm --prefix ${root} run --silent shell -- -c 'echo re""ady; sleep 60'`,
      [[/ready/, '\u0003']],
    )
    assert.is.not(exitCode, 0)
    assert.equal(await leftAfter10Seconds(marker), [])
    assert.equal(await ownTraces(), before)
  })
})

function start(args: readonly string[]) {
  const marker = `NETDOJO_TEST=${crypto.randomUUID()}`
  const [name = '', value = ''] = marker.split('=')
  const npm = spawn('npm', args, {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, PATH: searchPath(), TMPDIR: temporary, [name]: value },
  })
  return { marker, npm }
}

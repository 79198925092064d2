// `--in here`: the world among the machine's own namespaces, seen by their names from outside, and gone however the run ends.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { scenarioNames } from '../../lib/cli/programs/catalogue.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { machine, type Machine } from '../helpers/machine.ts'
import { slow as isSlow } from '../helpers/long.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

const start = join(import.meta.dirname, '../../lib/cli/start.js')

// A sandbox stands for the machine: `here` asks for one without any namespace.
sandboxSuite('here', (test, slow) => {
  sh('ip netns delete outside; umount /run/netns; rmdir /run/netns')

  slow(
    'every scenario holds, and the machine is as before',
    async () => {
      const before = await machine()
      const { exitCode, stdout, stderr } = await netdojo('scenario', [
        '--all',
        '--in',
        'here',
        '--yes',
      ])
      assert.is(exitCode, 0, stdout + stderr)
      for (const name of scenarioNames) assert.match(stdout, new RegExp(`✓ ${name} +(\\d+)/\\1 `))
      await isAgain(before)
    },
    { seconds: 400 },
  )

  slow('while it runs, other terminals of the machine see its nodes', async () => {
    const running = client('ip netns add ns1; echo begun; cat')
    await new Promise((resolve) => running.stdout.once('data', resolve))
    assert.equal(sh('ip netns list | cut -d" " -f1 | sort').split('\n'), [
      'host',
      'ns1',
      'outside',
      '',
    ])
    assert.match(sh('ip -n host -4 -brief address show eth0'), /203\.0\.113\.2\/24/)
    const second = await netdojo('shell', ['--in', 'here', '--yes', '-c', 'true'])
    assert.is(second.exitCode, 3)
    assert.match(second.stderr, /another run is using this machine/)
    running.stdin.end()
    assert.is(await new Promise((resolve) => running.once('exit', resolve)), 0)
    assert.is(sh('ip netns list'), '')
  })

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    test(`${signal} leaves nothing`, async () => {
      const before = await machine()
      const running = client('ip netns add ns1; echo begun; sleep 600')
      await new Promise((resolve) => running.stdout.once('data', resolve))
      running.kill(signal)
      const until = performance.now() + 20_000
      while (sh('ip netns list') !== '' && performance.now() < until) await sleep(50)
      // The watcher's last act, after the namespaces, is to take away the place of their names.
      while ((await machine()).mounts !== before.mounts && performance.now() < until)
        await sleep(50)
      assert.equal(await machine(), before)
    })
  }

  test('a signal at any moment of its start leaves nothing', async () => {
    const before = await machine()
    for (const moment of Array.from({ length: isSlow ? 40 : 8 }, (_, index) => index)) {
      const running = client('ip netns add ns1; sleep 600')
      const ended = new Promise((resolve) => running.once('close', resolve))
      await sleep(150 + 10 * moment)
      running.kill(moment % 2 === 0 ? 'SIGINT' : 'SIGKILL')
      await ended
      await isAgain(before)
    }
  })

  test('3: namespaces that somebody else made are not touched', async () => {
    sh('ip netns add theirs')
    const { exitCode, stderr } = await netdojo('shell', ['--in', 'here', '--yes', '-c', 'true'])
    assert.is(exitCode, 3)
    assert.match(stderr, /this machine has network namespaces already: theirs/)
    assert.match(stderr, /ip netns delete NAME/)
    assert.match(sh('ip netns list'), /theirs/)
    sh('ip netns delete theirs; umount /run/netns; rmdir /run/netns')
  })

  slow('3: no virtual machine, unless --yes', async () => {
    const { stdout, stderr } = await run('unshare', [
      '--mount',
      'bash',
      '-c',
      `sed s/hypervisor// /proc/cpuinfo >/run/cpuinfo; mount --bind /run/cpuinfo /proc/cpuinfo
        mkdir /run/empty; ! [ -e /sys/class/dmi/id ] || mount --bind /run/empty /sys/class/dmi/id
        ${commandLine('shell', '--in here -c true')}; echo $?
        ${commandLine('shell', '--in here --yes -c true')}; echo $?`,
    ])
    assert.is(stdout, '3\n0')
    assert.match(stderr, /this is no virtual machine.*\n.*\n.*\n.*--in here --yes/)
  })
})

function client(commands: string) {
  return spawn(process.execPath, [start, 'shell', '--in', 'here', '--yes', '-c', commands])
}

/** The kernel takes a namespace's devices away a moment after the namespace. */
async function isAgain(before: Machine): Promise<void> {
  const until = performance.now() + 10_000
  while (!isDeepStrictEqual(await machine(), before) && performance.now() < until) await sleep(100)
  assert.equal(await machine(), before)
}

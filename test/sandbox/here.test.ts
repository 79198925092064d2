// Tests `--in here`: the nodes are named namespaces of the machine, other terminals see them, and they are gone however the run ends.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { slow as isSlow } from '../helpers/long.ts'
import { machine, ownTraces, type Machine } from '../helpers/machine.ts'
import { allHeld } from '../helpers/playable.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'

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
      allHeld(stdout + stderr)
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
    assert.match(second.stderr, /another run with --in here uses this machine/)
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
      await isAgain(before)
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

  test('the comparison notices the leftovers of a run', async () => {
    const before = await ownTraces()
    sh('ip netns add ns1; ip link add br0 type bridge; nft add table inet netdojo')
    const left = (await ownTraces()).filter((trace) => !before.includes(trace))
    const names = left.map((trace) => /br0|ns1|netdojo/.exec(trace)?.[0])
    assert.equal(new Set(names), new Set(['br0', 'ns1', 'netdojo']))
    sh(
      'ip link delete br0; nft delete table inet netdojo; ip netns delete ns1; umount /run/netns; rmdir /run/netns',
    )
  })

  test('3: namespaces of others are not touched', async () => {
    sh('ip netns add theirs')
    const { exitCode, stderr } = await netdojo('shell', ['--in', 'here', '--yes', '-c', 'true'])
    assert.is(exitCode, 3)
    assert.match(stderr, /this machine must not have named network namespaces, and it has theirs/)
    assert.match(stderr, /remove a namespace that is no longer needed: sudo ip netns delete NAME/)
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
    assert.is(
      stderr,
      `netdojo: cannot start the sandbox 'here': this does not look like a virtual machine, and \`--in here\` changes the machine itself.
  - use a virtual machine of its own: --in vm
  - use namespaces, which need neither a virtual machine nor root: --in namespaces
  - use this machine nevertheless: --in here --yes`,
    )
  })
})

function client(commands: string) {
  return spawn(process.execPath, [start, 'shell', '--in', 'here', '--yes', '-c', commands])
}

/** The watcher removes the namespaces and their mounts after the end of the run, and the kernel their devices a moment later. */
async function isAgain(before: Machine): Promise<void> {
  await until(async () => isDeepStrictEqual(await machine(), before), 20)
  assert.equal(await machine(), before)
}

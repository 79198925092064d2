// Tests a sandbox that cannot start, because the kernel refuses or a tool is missing: the error gives the reason and advice, and exits with 3.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run, type ProgramResult } from '../../lib/exec/run.ts'
import { startError } from '../../lib/sandbox/start-error.ts'
import { kernelAdvice } from '../../lib/scenario/failures.ts'
import { commandLine } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'

/** Runs shell commands as root of a user namespace of their own, where refusing costs the machine nothing. */
function within(commands: string): Promise<ProgramResult> {
  return run('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', commands], {
    allowFailure: true,
  })
}

const frontDoor = join(import.meta.dirname, '../../lib/cli/scenario.sh')
const asOrdinaryUser = 'unshare --user --map-user=1234 --map-group=1234'
const scenario = commandLine('scenario', 'veth-pair --in namespaces')

suite('refused', (test, slow) => {
  test('user namespaces are not allowed', async () => {
    const { exitCode, stderr } = await within(`
      echo 1 >/proc/sys/user/max_user_namespaces
      ${asOrdinaryUser} ${scenario}`)
    assert.is(exitCode, 3)
    assert.match(
      stderr,
      /cannot start the namespaces sandbox: this machine does not allow an ordinary user to create namespaces\n/,
    )
    assert.match(stderr, /unshare failed: No space left on device/)
    assert.match(stderr, /sudo sysctl -w/)
    assert.not.match(stderr, /at .*\.ts:/)
  })

  slow('mounting is refused, as in a container', async () => {
    // When every /proc is partly covered, a user namespace may not mount a new one: mount_namespaces(7).
    const { exitCode, stderr } = await within(`
      for proc in $(awk '$3 == "proc" { print $2 }' /proc/self/mounts); do mount -t tmpfs none "$proc/sys/fs"; done
      ${asOrdinaryUser} ${scenario}`)
    assert.is(exitCode, 3)
    assert.match(
      stderr,
      /cannot start the namespaces sandbox: this environment does not allow mounts, as most containers do not\n/,
    )
  })

  slow('the same sandbox starts when nothing is refused', async () => {
    const { exitCode, stderr } = await within(`${asOrdinaryUser} ${scenario}`)
    assert.is(exitCode, 0, stderr)
  })

  for (const tool of ['ip', 'unshare', 'setpriv']) {
    test(`${tool} is not installed`, async () => {
      const { exitCode, stderr } = await within(`
        export PATH=$PATH:/usr/sbin:/sbin
        mount --bind /dev/null "$(readlink -f "$(command -v ${tool})")"
        ${scenario}`)
      assert.is(exitCode, 3)
      assert.match(
        stderr,
        new RegExp(
          `these programs are not installed: ${tool}\\.\n  - sh scripts/setup.sh installs them`,
        ),
      )
    })
  }

  slow('the kernel lacks a kind of device', async () => {
    // Types that no kernel has stand for those that this one could lack: the message is the kernel's own.
    const { stderr } = await run(
      'unshare',
      ['--user', '--map-root-user', '--net', 'ip', 'link', 'add', 'x', 'type', 'nonesuch'],
      { allowFailure: true },
    )
    assert.match(kernelAdvice('ip link add br0 type bridge', stderr).join(), /modprobe bridge/)
    assert.match(
      kernelAdvice('ip link add a type veth peer name b', stderr).join(),
      /modprobe veth/,
    )
    assert.match(startError(stderr).message, /the kernel has no veth devices/)
    assert.equal(kernelAdvice('ip link add br0 type bridge', 'RTNETLINK answers: File exists'), [])
  })

  // npm run scenario NAME: the shell makes the sandbox; where that fails, start.js explains.
  test('refused at the front door: the same error', async () => {
    const { exitCode, stdout, stderr } = await within(`
      echo 1 >/proc/sys/user/max_user_namespaces
      # No other backend works: with Vagrant, the scenario would run in a virtual machine.
      vagrant=$(command -v vagrant) && mount --bind /dev/null "$(readlink -f "$vagrant")"
      DOCKER_HOST=unix:///nonesuch ${asOrdinaryUser} sh ${frontDoor} veth-pair`)
    assert.equal([exitCode, stdout], [3, ''])
    assert.is(
      stderr.split('\n')[0],
      'netdojo: cannot start the namespaces sandbox: this machine does not allow an ordinary user to create namespaces',
    )
  })

  test('the front door: one scenario without options, and its exit code', async () => {
    const held = await run('sh', [frontDoor, 'veth-pair'], { allowFailure: true })
    assert.equal([held.exitCode, held.stderr], [0, ''])
    assert.match(held.stdout, /all 8 checks hold/)
    const unknown = await run('sh', [frontDoor, 'veth-pear'], { allowFailure: true })
    assert.is(unknown.exitCode, 2)
    assert.match(unknown.stderr, /cannot find the scenario 'veth-pear'[^]*did you mean veth-pair\?/)
  })

  test('the front door: Ctrl-C ends with 130', async () => {
    const { exitCode, screen } = await inTerminal(`sh ${frontDoor} bridge-nat`, [
      [/step|switch|1\./i, '\u0003'],
    ])
    assert.is(exitCode, 130, screen)
  })
})

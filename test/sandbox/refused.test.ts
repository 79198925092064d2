// A sandbox that cannot start says why and what to do, and exits with 3: each refusal is the kernel's own, or of a tool that is truly missing.
import * as assert from 'uvu/assert'
import { run, type ProgramResult } from '../../lib/exec/run.ts'
import { startError } from '../../lib/sandbox/start-error.ts'
import { kernelAdvice } from '../../lib/scenario/failures.ts'
import { commandLine } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

/** Runs shell commands as root of a user namespace of their own, where refusing costs the machine nothing. */
function within(commands: string): Promise<ProgramResult> {
  return run('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', commands], {
    allowFailure: true,
  })
}

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
      /cannot start the namespaces sandbox: this machine does not let an ordinary user/,
    )
    assert.match(stderr, /unshare failed: No space left on device/)
    assert.match(stderr, /sudo sysctl -w/)
    assert.not.match(stderr, /at .*\.ts:/)
  })

  slow('mounting is refused, as in a container', async () => {
    // A /proc that is partly covered may not be mounted anew by a user namespace: mount_namespaces(7).
    const { exitCode, stderr } = await within(`
      mount -t tmpfs none /proc/sys/fs
      ${asOrdinaryUser} ${scenario}`)
    assert.is(exitCode, 3)
    assert.match(stderr, /mounting is refused here/)
  })

  slow('the same, with nothing refused, works', async () => {
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
      assert.match(stderr, new RegExp(`not installed: ${tool}\\.\n.*scripts/setup.sh`))
    })
  }

  slow('the kernel has no such device', async () => {
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
})

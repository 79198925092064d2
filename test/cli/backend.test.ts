// Tests `--in`: which backend runs, which is refused, and the errors and notes about it.
import * as assert from 'uvu/assert'
import { takeBackendOptions } from '../../lib/cli/shared/backend.ts'
import { run, type ProgramResult } from '../../lib/exec/run.ts'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

/** As an ordinary user who may make no namespaces, and has neither engine nor Vagrant. */
function withNothing(command: string): Promise<ProgramResult> {
  const commands = `
    mount -t tmpfs none /run
    for tool in vagrant; do
      path=$(command -v $tool) && mount --bind /dev/null "$(readlink -f "$path")"
    done
    echo 1 >/proc/sys/user/max_user_namespaces
    exec unshare --user --map-user=1234 --map-group=1234 ${command}`
  return run('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', commands], {
    allowFailure: true,
    env: { DOCKER_HOST: 'unix:///nonesuch', XDG_RUNTIME_DIR: '/nonesuch', HOME: '/nonesuch' },
  })
}

suite('--in', (test, slow) => {
  test('--in and --yes are removed at any position, but not from the commands of -c', () => {
    assert.equal(takeBackendOptions(['--in', 'vm', '-c', 'x']), {
      options: { in: 'vm' },
      rest: ['-c', 'x'],
    })
    assert.equal(takeBackendOptions(['-c', '--in', '--in=here', '--yes']), {
      options: { in: 'here', yes: true },
      rest: ['-c', '--in'],
    })
    refuses('usage', () => takeBackendOptions(['--in', 'cloud']))
    refuses('usage', () => takeBackendOptions(['--in']))
  })

  for (const program of ['scenario', 'shell']) {
    const define = program === 'shell' ? test : slow
    define(`2: ${program} in an unknown backend`, async () => {
      const args = program === 'scenario' ? ['bridge', '--in', 'cloud'] : ['--in', 'cloud']
      const { exitCode, stderr } = await netdojo(program, args)
      assert.is(exitCode, 2)
      assert.match(stderr, /--in must be one of namespaces, container, vm, here, not 'cloud'/)
    })
  }

  test('namespaces are used where they work, without a note', async () => {
    const { exitCode, stderr } = await netdojo('shell', ['-c', 'true'])
    assert.equal([exitCode, stderr], [0, ''])
  })

  test('3: no backend works: the error explains why namespaces do not, and lists alternatives', async () => {
    const { exitCode, stderr, stdout } = await withNothing(commandLine('scenario', '--all'))
    assert.is(exitCode, 3)
    assert.is(stdout, '')
    assert.match(
      stderr,
      /cannot start the namespaces sandbox: this machine does not allow an ordinary/,
    )
    assert.match(stderr, /--in container\n.*--in vm/)
  })

  test('3: a virtual machine without Vagrant', async () => {
    const { exitCode, stderr } = await withNothing(commandLine('scenario', 'bridge --in vm'))
    assert.is(exitCode, 3)
    assert.match(
      stderr,
      /cannot start the virtual machine: these programs are not installed: vagrant/,
    )
  })

  test('3: here, by an ordinary user', async () => {
    const { exitCode, stderr } = await withNothing(
      commandLine('scenario', 'bridge --in here --yes'),
    )
    assert.is(exitCode, 3)
    assert.match(
      stderr,
      /cannot start the sandbox 'here': `--in here` must run as root, not as user 1234/,
    )
  })
})

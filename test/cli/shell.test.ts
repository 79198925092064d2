// Tests `npm run shell` with commands, piped input and a terminal; it returns their exit code.
import * as assert from 'uvu/assert'
import { commandLine, netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'
import { inTerminal } from '../helpers/terminal.ts'

suite('npm run shell', (test, slow) => {
  test('-c runs commands as root on a node with eth0, returns their exit code, and does not touch the files of the user', async () => {
    const { stdout, exitCode } = await netdojo('shell', [
      '-c',
      'id -u; ip -brief -4 address show eth0; echo $HOME; ls -A $HOME; command -v netdojo; exit 7',
    ])
    assert.match(
      stdout,
      /^0\neth0@if\d+ +UP +203.0.113.2\/24 *\n\/run\/netdojo\n\.bashrc\n\S*\/netdojo$/,
    )
    assert.is(exitCode, 7)
  })

  test('piped standard input is run, too', async () => {
    const { stdout, exitCode } = await netdojo('shell', [], { input: 'ip netns list\nfalse\n' })
    assert.match(stdout, /^outside/)
    assert.is(exitCode, 1)
  })

  test('a terminal shows a hint, and a prompt with the name of the node', async () => {
    const { screen, exitCode } = await inTerminal(commandLine('shell', ''), [
      [/host\S*# $/, 'ip netns exec outside bash\n'],
      [/outside\S*# $/, 'exit\n'],
      [/host\S*# $/, 'exit 5\n'],
    ])
    assert.match(screen, /ip netns exec outside bash/)
    assert.is(exitCode, 5)
  })

  test('--help', async () => {
    const { exitCode, stdout } = await netdojo('shell', ['--help'])
    assert.is(exitCode, 0)
    assert.match(stdout, /npm run shell -- -c 'COMMANDS'/)
  })

  for (const [index, args] of [['-c'], ['ls'], ['-x'], ['-c', 'true', 'more']].entries()) {
    const define = index < 1 ? test : slow
    define(`2: ${args.join(' ')}`, async () => {
      const { exitCode, stderr } = await netdojo('shell', args)
      assert.is(exitCode, 2)
      assert.match(stderr, /npm run shell -- -c 'COMMANDS'/)
    })
  }
})

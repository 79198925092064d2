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

  test('a slow reader of a pipe gets all output', async () => {
    const { stdout } = await netdojo('shell', [
      '--machines',
      '12',
      '-c',
      `netdojo snapshot | (sleep 2; cat)`,
    ])
    // A pipe of Linux holds 64 KiB.
    assert.ok(stdout.length > 80_000, String(stdout.length))
    assert.not.throws(() => JSON.parse(stdout))
  })

  test('--machines: host, host2 and host3 on one wire, each with a network and a state of its own', async () => {
    const on = (machine: string) => `nsenter --net=/run/netns/${machine}`
    const { stdout, stderr, exitCode } = await netdojo('shell', [
      '--machines',
      '3',
      '-c',
      `for address in 203.0.113.12 203.0.113.13 203.0.113.1 2001:db8:113::13; do
         ping -c 1 -W 5 $address | grep -o '1 received'; done
       ${on('host3')} ping -c 1 -W 5 203.0.113.2 | grep -o '1 received'
       ${on('host2')} ping -c 1 -W 5 198.51.100.1 | grep -o '1 received'
       ${on('host2')} ip netns add c2; ip -n c2 -br link | cut -d' ' -f1
       ${on('host2')} netdojo network create --subnet 10.9.0.0/24 web >/dev/null
       for machine in host2 host3; do ${on('$machine')} netdojo network ls; done
       netdojo network ls; ip -o link show nd-web; ${on('host2')} ip -o link show nd-web
       cat /proc/sys/net/ipv4/conf/all/forwarding`,
    ])
    assert.is(exitCode, 0, stderr)
    assert.equal(stdout.match(/1 received/g)?.length, 6, stdout)
    assert.match(stdout, /^lo$/m)
    assert.is(stdout.match(/bridge +10\.9\.0\.0\/24/g)?.length, 1, 'only host2 has the network')
    assert.match(stderr, 'Device "nd-web" does not exist')
    assert.match(stdout, /nd-web: /)
    assert.match(stdout, /^0$/m)
  })

  for (const value of ['0', 'x', '201', '1.5', ''])
    test(`2: --machines ${value}`, async () => {
      const words = ['--machines', value].filter((word) => word !== '')
      const { exitCode, stderr } = await netdojo('shell', words)
      assert.is(exitCode, 2)
      assert.match(stderr, `--machines must be a whole number from 1 to 200, not '${value}'`)
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

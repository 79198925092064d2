// Tests the world that every scenario starts in: two nodes, their addresses, the kernel's defaults, and no route back to private ranges.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { inNamespaces } from '../../lib/sandbox/namespaces.ts'
import { suite } from '../helpers/suite.ts'

const world = join(import.meta.dirname, '../../lib/sandbox/world.sh')

async function inWorld(commands: string): Promise<string> {
  const { program, args, env } = inNamespaces(['bash', '-c', commands])
  const { stdout, stderr, exitCode } = await run(program, args, { env, allowFailure: true })
  assert.is(exitCode, 0, stderr)
  return stdout
}

suite('world', (test) => {
  test('host reaches outside and the server on the Internet, by IPv4 and IPv6', async () => {
    const output = await inWorld(
      'for a in 203.0.113.1 198.51.100.1 2001:db8:113::1; do ping -c 1 -W 2 $a | grep "1 received"; done',
    )
    assert.is(output.split('\n').length, 3)
  })

  test('outside has no route to private ranges, and reaches the host', async () => {
    const output = await inWorld(`
      ip netns exec outside ping -c 1 -W 2 203.0.113.2 | grep -o '1 received'
      for a in 10.0.0.1 172.18.0.2 192.168.0.2; do ip -n outside route get $a 2>&1 || :; done`)
    assert.is(
      output,
      ['1 received', ...Array(3).fill('RTNETLINK answers: Network is unreachable')].join('\n'),
    )
  })

  test('sysctls have the defaults of the kernel, independent of the machine', async () => {
    const output = await inWorld(`
      ip netns exec outside bash -c '
        cat /proc/sys/net/ipv4/conf/{all,default,wan}/{forwarding,rp_filter,route_localnet}'
      cat /proc/sys/net/ipv4/conf/{all,default,eth0}/{forwarding,rp_filter,route_localnet}`)
    assert.is(output, Array(18).fill('0').join('\n'))
  })

  test('the user is root on a machine of its own: no other processes, interfaces or rules', async () => {
    const output = await inWorld(
      `id -u; ls /sys/class/net | tr '\\n' ' '; nft list ruleset; ps -e --no-headers | wc -l`,
    )
    assert.match(output, /^0\neth0 lo /)
    // The first process, this shell, and the two of the pipe.
    assert.ok(Number(output.split(' ').at(-1)) <= 5, output)
  })

  test('tcpdump works, also without the right to change groups', async () => {
    const output = await inWorld(`
      tcpdump -ntl --immediate-mode -c 2 -i eth0 icmp 2>/tmp/$$ &
      until grep -q listening /tmp/$$; do sleep 0.05; done; rm /tmp/$$
      ping -c 1 203.0.113.1 >/dev/null; wait`)
    assert.match(output, /203.0.113.2 > 203.0.113.1: ICMP echo request/)
    assert.match(output, /203.0.113.1 > 203.0.113.2: ICMP echo reply/)
  })

  // An unshare that is killed between fork and prctl would leave its child. The moment is too short to be hit by chance.
  for (const [how, commands] of [
    ['gone', 'sleep 100 & exec 9</proc/$!/stat; kill $!; wait'],
    // Perl, unlike a shell, does not wait for it.
    [
      'a zombie',
      `sleep 0.1 & exec 9</proc/$!/stat; exec perl -e 'select undef, undef, undef, 0.5; exec @ARGV' "$@"`,
    ],
  ])
    test(`no world is built for an unshare that is ${how}`, async () => {
      const { env } = inNamespaces([])
      // As namespaces.sh does it, with another process on descriptor 9.
      const unshare = [
        ...'unshare --user --map-root-user --mount --pid --net --fork'.split(' '),
        'sh',
        world,
        'echo',
        'built',
      ]
      const start = async (before: string) =>
        run('sh', ['-c', `${before}; exec "$@"`, 'sh', ...unshare], { env, allowFailure: true })
      assert.is((await start('exec 9</proc/self/stat')).stdout, 'built')
      const { stdout, exitCode } = await start(commands ?? '')
      assert.is(stdout, '')
      assert.is(exitCode, 1)
    })
})

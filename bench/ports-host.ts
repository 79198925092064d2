// Publishes ports on a host in namespaces of its own, and measures a new connection through the last port, and one more port.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openNetworks, type Endpoint } from '../lib/index.ts'

const firstPort = 10_000
const oneMore = 9000

const networks = await openNetworks({
  stateDirectory: mkdtempSync(join(tmpdir(), 'netdojo-bench-')),
  firewall: process.argv[2] === 'iptables' ? 'iptables' : 'nftables',
})
for (const name of ['c1', 'c2']) execFileSync('ip', ['netns', 'add', name])
const network = await networks.create({ name: 'ports', subnet: '10.77.0.0/24' })
let published: Endpoint | undefined

const verbs: Readonly<Record<string, (count: number) => Promise<number>>> = {
  ready: async () => 0,
  async publish(count) {
    await published?.disconnect()
    const last = firstPort + count - 1
    const started = performance.now()
    published = await network.connect({
      netns: '/run/netns/c1',
      ports: [`${firstPort}-${last}:${firstPort}-${last}`],
    })
    return performance.now() - started
  },
  /** Median milliseconds of a TCP connection from outside through the last of `count` ports. */
  async open(count) {
    const port = String(firstPort + count - 1)
    const server = spawn('ip', ['netns', 'exec', 'c1', 'perl', '-e', acceptAll, port])
    await new Promise((resolve) => server.stdout.once('data', resolve))
    const args = ['netns', 'exec', 'outside', 'perl', '-e', connectOften, '203.0.113.2', port]
    const microseconds = Number(execFileSync('ip', args, { encoding: 'utf8' }))
    server.kill('SIGKILL')
    await new Promise((resolve) => server.once('exit', resolve))
    return microseconds / 1000
  },
  /** Milliseconds of a whole connect that publishes one more port. */
  async one() {
    const started = performance.now()
    const endpoint = await network.connect({ netns: '/run/netns/c2', ports: [`${oneMore}:80`] })
    const milliseconds = performance.now() - started
    await endpoint.disconnect()
    return milliseconds
  },
}

const acceptAll = `
  use Socket; $| = 1;
  socket(my $server, PF_INET, SOCK_STREAM, 0) or die;
  setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
  bind($server, sockaddr_in($ARGV[0], INADDR_ANY)) && listen($server, 1000) or die;
  print "ready\\n";
  while (accept(my $client, $server)) { close $client }`

const connectOften = `
  use Socket; use Time::HiRes 'time';
  my $to = sockaddr_in($ARGV[1], inet_aton($ARGV[0])); my @times;
  for (1 .. 500) {
    socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
    my $started = time; connect($s, $to) or die "connect: $!"; push @times, time - $started; close $s;
  }
  @times = sort { $a <=> $b } @times; printf "%.1f", 1e6 * $times[@times / 2];`

for await (const line of createInterface({ input: process.stdin })) {
  const [verb = '', count = '0'] = line.split(' ')
  console.log(await verbs[verb]?.(Number(count)))
}

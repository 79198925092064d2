// Publishes an SCTP port, and tries it with packets made by hand, since few kernels have SCTP sockets.
import { execFileSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { openNetworks } from '../../lib/index.ts'
import { networkSuite } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

networkSuite('sctp', (test) => {
  for (const firewall of ['nftables', 'iptables'] as const)
    test(`${firewall}: the first packet of an SCTP connection from outside reaches the container`, async () => {
      const stateDirectory = newDirectory()
      await using networks = await openNetworks({ stateDirectory, firewall })
      await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      const c1 = namespace('c1')
      sh(`ip netns exec c1 nft -f - <<'END'\n${countInits}\nEND`)
      sendInit('203.0.113.2', 7000)
      assert.not.match(seen(), 'packets 1', 'nothing is published')
      const endpoint = await web.connect({ netns: c1, ports: ['7000:80/sctp'] })
      sendInit('203.0.113.2', 7000)
      assert.match(seen(), 'packets 1')
      await endpoint.disconnect()
    })
})

const countInits = `table ip seen {
  chain in { type filter hook input priority 0; sctp dport 80 sctp chunk init exists counter; }
}`

const seen = () => sh('ip netns exec c1 nft list table ip seen')

/** Sends an INIT chunk (RFC 9260, section 3.3.2) from outside, with its CRC32c. */
function sendInit(address: string, port: number): void {
  const args = ['netns', 'exec', 'outside', 'perl', '-e', perl, address, String(port)]
  execFileSync('ip', args, { stdio: 'pipe' })
}

const perl = `
use Socket;
my ($to, $port) = @ARGV;
my $chunk = pack 'CCnNNnnN', 1, 0, 20, 0x6e640001, 65536, 1, 1, 1;
my $header = pack 'nnN', 5000, $port, 0;
my $crc = 0xffffffff;
for my $byte (unpack 'C*', $header . "\\0\\0\\0\\0" . $chunk) {
  $crc ^= $byte;
  $crc = $crc & 1 ? ($crc >> 1) ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;
}
socket(my $socket, PF_INET, SOCK_RAW, 132) or die $!;
send($socket, $header . pack('V', $crc ^ 0xffffffff) . $chunk, 0, pack_sockaddr_in(0, inet_aton($to))) or die $!;
`

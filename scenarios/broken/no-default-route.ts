// The broken network no-default-route: a namespace has only the route to its own network.
import { broken } from '../../lib/fix/index.ts'
import { output, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-default-route',
  title: "ns1 says 'Network is unreachable', and its page is gone",
  difficulty: 1,
  story: `
    ns1 reaches ns2 and the host's 172.18.0.1. For every other address it says 'Network is
    unreachable'. Outside, its page can no longer be read. ns2 has no trouble.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip -n ns1 route delete default`,
  cause: cause('no-default-route'),
  alternatives: [cause('bridge-port'), cause('wrong-prefix'), cause('no-masquerade')],
  hints: [
    'Which machine says this? ping failed at once and sent nothing. So ask the kernel of ns1 itself.',
    'How does ns1 decide where to send a packet? ip -n ns1 route; compare it with: ip -n ns2 route',
  ],
  works: (nodes) => [
    reachesInternet(nodes, 'ns1'),
    published(nodes),
    ...['192.0.2.7', '100.64.0.1'].map((address) => ({
      statement: `ns1 sends a packet for ${address} to the host`,
      probe: output(nodes.namespace('ns1'))`ip route get ${address}`,
      // With proxy ARP, the route has no next hop. A neighbour that happens to forward is no gateway.
      expectation: shows(/^[\d.]+ (via 172\.18\.0\.1 )?dev eth0/),
    })),
  ],
  unharmed: (nodes) => restOfTown(nodes, 'ns1', 'published'),
  solutions: [
    {
      title: 'A default route through the host',
      commands: 'ip -n ns1 route add default via 172.18.0.1',
    },
    {
      title: 'Two routes, each for one half of the Internet, as VPN programs do',
      commands: `
        ip -n ns1 route add 0.0.0.0/1 via 172.18.0.1
        ip -n ns1 route add 128.0.0.0/1 via 172.18.0.1`,
    },
    {
      title:
        'A default route through the device, and the host answers ARP for all addresses (proxy ARP)',
      commands: `
        ip -n ns1 route add default dev eth0
        sysctl -w net.ipv4.conf.br0.proxy_arp=1 net.ipv4.neigh.br0.proxy_delay=0`,
    },
  ],
  destructive: [
    {
      title: 'Routes only for the two machines of the complaint: ns1 still has no default route',
      commands: `
        ip -n ns1 route add 198.51.100.0/24 via 172.18.0.1
        ip -n ns1 route add 203.0.113.0/24 via 172.18.0.1`,
    },
    {
      title: 'A default route for one half of all addresses',
      commands: 'ip -n ns1 route add 128.0.0.0/1 via 172.18.0.1',
    },
    {
      title: 'Give ns1 a new address and a route: its neighbours no longer find it',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.22/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1
        iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.22:80`,
    },
  ],
  explanation: `
    An address with its prefix length adds a route to its own network, and no other. Without a
    default route, the kernel of ns1 has no next hop for 198.51.100.1 and refuses at once. When a
    client outside uses the published port, the answer has no route either. A default route
    disappears without a message when its address or its interface disappears.`,
})

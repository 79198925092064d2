// no-default-route: a namespace that knows its own street and nothing else.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet, readsNeighbour } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-default-route',
  title: 'ns1 finds the network unreachable, and its page is gone',
  difficulty: 1,
  story: `
    ns1 reaches ns2 and the host's 172.18.0.1, and nothing else: 'Network is unreachable'. Outside,
    nobody gets its page any more. ns2 has no trouble.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip -n ns1 route delete default`,
  cause: cause('no-default-route'),
  alternatives: [cause('bridge-port'), cause('wrong-prefix'), cause('no-masquerade')],
  hints: [
    'Who says it? ping said so at once, without sending anything: ask the kernel of ns1 itself.',
    'How does ns1 decide where a packet goes? ip -n ns1 route; and for comparison: ip -n ns2 route',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), published(nodes)],
  unharmed: (nodes) => [readsNeighbour(nodes)],
  solutions: [
    {
      title: 'A default route through the host',
      commands: 'ip -n ns1 route add default via 172.18.0.1',
    },
    {
      title: 'Two halves of the Internet, as VPN programs do it',
      commands: `
        ip -n ns1 route add 0.0.0.0/1 via 172.18.0.1
        ip -n ns1 route add 128.0.0.0/1 via 172.18.0.1`,
    },
    {
      title: 'Everything is on the wire, and the host answers for it (proxy ARP)',
      commands: `
        ip -n ns1 route add default dev eth0
        sysctl -w net.ipv4.conf.br0.proxy_arp=1 net.ipv4.neigh.br0.proxy_delay=0`,
    },
  ],
  destructive: [
    {
      title: 'ns1 gets a new address with a route, and its neighbours do not find it',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.22/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1
        iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.22:80`,
    },
  ],
  explanation: `
    An address with its prefix makes a route to its own network, and no other. Without a default route
    the kernel of ns1 has no next hop for 198.51.100.1 and refuses at once; and when a client outside
    asks the published port, the answer has no way either. The default route disappears without a word
    when the address or the interface that it goes through does.`,
})

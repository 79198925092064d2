// duplicate-address: two who answer to one name, and the one that was heard last gets the mail.
import { broken } from '../../lib/fix/index.ts'
import { curl, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { fenced, published, reachesInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'duplicate-address',
  title: 'The page of ns1 is refused now and then, and lately always',
  difficulty: 3,
  story: `
    Since ns2 was set up again, the published page of ns1 comes and goes: for hours it works, then
    everybody is refused. ns1 runs, its server listens, and pinging 172.18.0.2 always works.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ping -c 1 -W 1 172.18.0.2
    ip -n ns2 address flush dev eth0
    ip -n ns2 address add 172.18.0.2/24 dev eth0
    ip -n ns2 route add default via 172.18.0.1
    ip neigh flush dev br0
    ip neigh replace 172.18.0.2 dev br0 nud reachable lladdr $(ip netns exec ns2 cat /sys/class/net/eth0/address)`,
  cause: cause('duplicate-address'),
  alternatives: [cause('no-server'), cause('dnat-wrong-address'), cause('bridge-port')],
  hints: [
    'Somebody refuses the connection. Is it ns1? ip netns exec ns1 tcpdump -ni eth0 tcp port 80',
    'Which hardware address has the host for 172.18.0.2, and whose is it? ip neigh show dev br0; ip -n ns1 link show eth0',
    'ns2 has it. It needs an address of its own again (it had 172.18.0.3), and what the host remembers must go: ip neigh flush dev br0',
  ],
  works: (nodes) => [
    published(nodes),
    {
      statement: 'the host reads the page of ns1',
      probe: curl(nodes.host, 'http://172.18.0.2/'),
      expectation: shows('hello from ns1'),
    },
  ],
  unharmed: (nodes) => [reachesInternet(nodes, 'ns2'), fenced(nodes)],
  solutions: [
    {
      title: 'ns2 gets its own address again, and the host forgets what it learned',
      commands: `
        ip -n ns2 address flush dev eth0
        ip -n ns2 address add 172.18.0.3/24 dev eth0
        ip -n ns2 route add default via 172.18.0.1
        ip neigh flush dev br0`,
    },
    {
      title: 'ns2 gets another free address',
      commands: `
        ip -n ns2 address flush dev eth0
        ip -n ns2 address add 172.18.0.4/24 dev eth0
        ip -n ns2 route add default via 172.18.0.1
        ip neigh flush dev br0`,
    },
  ],
  destructive: [
    {
      title: 'ns2 unplugged: it is cut off',
      commands: `
        ip link set veth2 nomaster
        ip neigh flush dev br0`,
    },
    {
      title:
        'The hardware address of ns1 written down on the host: the answers for ns2 go there, too',
      commands:
        'ip neigh replace 172.18.0.2 dev br0 nud permanent lladdr $(ip netns exec ns1 cat /sys/class/net/eth0/address)',
    },
    {
      title: 'Rules flushed on the way, the fence among them',
      commands: `
        iptables -F
        ip -n ns2 address flush dev eth0
        ip -n ns2 address add 172.18.0.3/24 dev eth0
        ip -n ns2 route add default via 172.18.0.1
        ip neigh flush dev br0`,
    },
  ],
  explanation: `
    Two on one wire with the same address both answer the question for it (ARP), and whoever is heard
    gets everything, until the entry is asked for anew. So it works for hours, then fails for hours;
    and ping always works, because either of them answers. Addresses must be given out by one who keeps
    a record. After an address has changed hands, its neighbours remember the old one for a while: who
    takes an address over announces it (gratuitous ARP).`,
})

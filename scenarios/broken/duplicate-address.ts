// The broken network duplicate-address: two namespaces have one address, and the neighbour table has the wrong one.
import { broken } from '../../lib/fix/index.ts'
import { curl, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { ownAddresses, published, publishedInside, reachesInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'duplicate-address',
  title: 'The page of ns1 is sometimes refused, and now always',
  difficulty: 3,
  story: `
    Since ns2 was set up again, the published page of ns1 is not reliable. It works for hours, then
    every client is refused. ns1 runs, its server listens, and ping to 172.18.0.2 always works.`,
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
    'Some machine refuses the connection. Is it ns1? ip netns exec ns1 tcpdump -ni eth0 tcp port 80',
    'Which MAC address does the host have for 172.18.0.2, and which machine has that MAC address? ip neigh show dev br0; ip -n ns1 link show eth0',
    'It is ns2. Give ns2 its own address again (it had 172.18.0.3), and flush the neighbour table of the host: ip neigh flush dev br0',
  ],
  works: (nodes) => [
    published(nodes),
    {
      statement: 'the host reads the page of ns1',
      probe: curl(nodes.host, 'http://172.18.0.2/'),
      expectation: shows('hello from ns1'),
    },
    {
      statement: 'ns2 reads the page of ns1 at 172.18.0.2',
      probe: curl(nodes.namespace('ns2'), 'http://172.18.0.2/'),
      expectation: shows('hello from ns1'),
    },
    publishedInside(nodes),
    reachesInternet(nodes, 'ns1'),
    ownAddresses(nodes),
  ],
  unharmed: (nodes) =>
    restOfTown(nodes, 'ns1', 'published', 'publishedInside', 'readsNeighbour', 'ownAddresses'),
  solutions: [
    {
      title: 'ns2 gets its own address again, and the neighbour table of the host is flushed',
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
      title: 'Detach ns2 from the bridge: it is cut off',
      commands: `
        ip link set veth2 nomaster
        ip neigh flush dev br0`,
    },
    {
      title: 'A permanent neighbour entry for ns1 on the host: answers for ns2 go to ns1 too',
      commands:
        'ip neigh replace 172.18.0.2 dev br0 nud permanent lladdr $(ip netns exec ns1 cat /sys/class/net/eth0/address)',
    },
    {
      title: 'Flush all filter rules too: the two networks are no longer separated',
      commands: `
        iptables -F
        ip -n ns2 address flush dev eth0
        ip -n ns2 address add 172.18.0.3/24 dev eth0
        ip -n ns2 route add default via 172.18.0.1
        ip neigh flush dev br0`,
    },
  ],
  explanation: `
    Two namespaces on one bridge had the same address, and both answered ARP requests for it. The
    host sends all packets to the one that it heard, until it asks again. So the page works for
    hours and then fails for hours, while ping always works, because both answer it. One program
    must give out the addresses and keep a record of them. After an address moves to another
    machine, the neighbours remember the old one for a while. So the new owner should announce the
    address (gratuitous ARP).`,
})

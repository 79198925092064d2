// The broken network bridge-port: the end of a cable on the host is not a port of its bridge.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import {
  published,
  publishedInside,
  reachesInternet,
  readsNeighbour,
  restOfTown,
} from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'bridge-port',
  title: 'ns1 reaches no other machine',
  difficulty: 1,
  story: `
    Yesterday somebody worked on the host. Since then, ns1 reaches neither ns2 nor the host nor the
    Internet. Its address and its routes are right, and its interface is up.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip link set veth1 nomaster`,
  cause: cause('bridge-port'),
  alternatives: [cause('bridge-down'), cause('wrong-prefix'), cause('duplicate-address')],
  hints: [
    'ns1 asks for its neighbours by ARP and gets no answer. How far do its requests get? tcpdump -ni veth1 arp, then tcpdump -ni br0 arp',
    'The requests arrive at the other end of the cable, but not on the bridge. Which ports does the bridge have? bridge link',
  ],
  works: (nodes) => [
    {
      statement: 'ns1 reaches ns2',
      probe: ping(nodes.namespace('ns1'), '172.18.0.3'),
      expectation: answers,
    },
    {
      statement: 'ns1 reaches ns2 with ttl 1: no router is between them',
      probe: output(nodes.namespace('ns1'))`ping -c 1 -W 0.5 -t 1 172.18.0.3`,
      expectation: answers,
    },
    reachesInternet(nodes, 'ns1'),
    published(nodes),
    publishedInside(nodes),
    readsNeighbour(nodes),
  ],
  unharmed: (nodes) => restOfTown(nodes, 'ns1', 'published', 'publishedInside', 'readsNeighbour'),
  solutions: [
    { title: 'Attach veth1 to br0', commands: 'ip link set veth1 master br0' },
    { title: 'The same with the older tool', commands: 'brctl addif br0 veth1' },
    {
      title: 'A new cable, attached from the start',
      commands: `
        ip link delete veth1
        ip link add veth1 master br0 up type veth peer name eth0 netns ns1
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 link set eth0 up
        ip -n ns1 route add default via 172.18.0.1`,
    },
  ],
  destructive: [
    {
      title: 'The host routes between the cable and br0: ns1 is still not on the bridge',
      commands: `
        ip route add 172.18.0.2 dev veth1
        sysctl -w net.ipv4.conf.veth1.proxy_arp=1 net.ipv4.neigh.veth1.proxy_delay=0
        sysctl -w net.ipv4.conf.br0.proxy_arp=1 net.ipv4.neigh.br0.proxy_delay=0`,
    },
    {
      title:
        'Attach everything to br1, the bridge that works: the two networks are no longer separated',
      commands: `
        ip link set veth1 master br1
        ip link set veth2 master br1
        ip link delete br0
        ip address add 172.18.0.1/24 dev br1`,
    },
  ],
  explanation: `
    A veth pair is only a cable: what ns1 sends comes out at veth1 on the host. veth1 passes frames
    to the other namespaces only while it is a port of br0 (br0 is its 'master'). Everything inside
    ns1 looked right, because it was right. The fault was at the other end of the cable.`,
})

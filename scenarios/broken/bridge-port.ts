// bridge-port: a cable that hangs beside its socket.
import { broken } from '../../lib/fix/index.ts'
import { answers, ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { fenced, reachesInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'bridge-port',
  title: 'ns1 reaches nobody at all',
  difficulty: 1,
  story: `
    Since somebody worked on the host, ns1 reaches neither ns2 nor the host nor the Internet. Its
    address and its routes are as they should be, and its interface is up.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    ip link set veth1 nomaster`,
  cause: cause('bridge-port'),
  alternatives: [cause('bridge-down'), cause('wrong-prefix'), cause('duplicate-address')],
  hints: [
    'ns1 asks for its neighbours and hears nothing. How far do its questions come? tcpdump -ni veth1 arp, then tcpdump -ni br0 arp',
    'They arrive at the other end of the cable, and not on the bridge. Which ports has it? bridge link',
  ],
  works: ({ namespace }) => [
    {
      statement: 'ns1 reaches ns2',
      probe: ping(namespace('ns1'), '172.18.0.3'),
      expectation: answers,
    },
    reachesInternet({ namespace }, 'ns1'),
  ],
  unharmed: (nodes) => [fenced(nodes)],
  solutions: [
    { title: 'Plug it in', commands: 'ip link set veth1 master br0' },
    { title: 'The same in the older tool', commands: 'brctl addif br0 veth1' },
    {
      title: 'A new cable, which is plugged in from the start',
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
      title: "All of them into the bridge that works, db's: the fence between them is gone",
      commands: `
        ip link set veth1 master br1
        ip link set veth2 master br1
        ip link delete br0
        ip address add 172.18.0.1/24 dev br1`,
    },
  ],
  explanation: `
    A veth pair is a cable, and nothing more: what ns1 sends comes out at veth1 on the host. Only as a
    port of br0 (its 'master') does veth1 pass frames on to the others. Everything inside ns1 looked
    right because it was right; the cable's other end is where nobody looks.`,
})

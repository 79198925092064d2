// mtu-mismatch: a cable through which small packets fit, and large ones do not.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { far, published } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'mtu-mismatch',
  title: 'ping works, small pages work, and large ones from ns1 hang',
  difficulty: 3,
  story: `
    ns1 answers every ping, and yet its users complain: small requests go through, large ones hang for
    ever. ns2 has no such trouble. With a larger ping it can be seen.`,
  topology: picture,
  network: `${town}
    ip link set br0 mtu 1500`,
  servers: townServers,
  fault: `
    ip link set veth1 mtu 1400`,
  cause: cause('mtu-mismatch'),
  alternatives: [cause('duplicate-address'), cause('forward-drop'), cause('no-hairpin')],
  hints: [
    'How large may a packet be? Try sizes: ip netns exec ns1 ping -c 1 -W 1 -s 1300 172.18.0.3',
    'Above a limit they disappear, and nobody says so: on a bridge there is nobody who could. Which device counts something? ip -s link show veth1',
    'Compare the two ends of the cable: ip link show veth1; ip -n ns1 link show eth0',
  ],
  works: ({ namespace }) => [
    {
      statement: 'ns1 reaches ns2 with a large packet',
      probe: output(namespace('ns1'))`ping -c 1 -W 0.5 -s 1450 172.18.0.3`,
      expectation: answers,
    },
    {
      statement: 'ns1 reaches the Internet with one',
      probe: output(namespace('ns1'))`ping -c 1 -W 0.5 -s 1450 ${far}`,
      expectation: answers,
    },
  ],
  unharmed: (nodes) => [
    {
      statement: 'ns2 reaches the Internet with a packet of 1,500 bytes, in one piece',
      probe: output(nodes.namespace('ns2'))`ping -c 1 -W 0.5 -M do -s 1472 ${far}`,
      expectation: answers,
    },
    published(nodes),
    {
      statement: 'ns2 reaches ns1',
      probe: ping(nodes.namespace('ns2'), '172.18.0.2'),
      expectation: answers,
    },
  ],
  solutions: [
    { title: 'Both ends of the cable alike', commands: 'ip link set veth1 mtu 1500' },
    {
      title: 'A new cable',
      commands: `
        ip link delete veth1
        ip link add veth1 mtu 1500 master br0 up type veth peer name eth0 mtu 1500 netns ns1
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 link set eth0 up
        ip -n ns1 route add default via 172.18.0.1`,
    },
  ],
  destructive: [
    {
      title: 'The smaller size for all: now ns2 is slowed down, too',
      commands: `
        ip link set br0 mtu 1400
        ip link set veth2 mtu 1400
        ip -n ns1 link set eth0 mtu 1400
        ip -n ns2 link set eth0 mtu 1400`,
    },
    {
      title:
        'A second cable past the bridge, with another address: ns1 is not where it is looked for',
      commands: `
        ip link set veth1 nomaster
        ip -n ns1 link delete eth0
        ip link add veth1 master br0 up type veth peer name eth0 netns ns1
        ip -n ns1 address add 172.18.0.22/24 dev eth0
        ip -n ns1 link set eth0 up
        ip -n ns1 route add default via 172.18.0.1`,
    },
  ],
  explanation: `
    ns1 believed in 1,500 bytes, the other end of its cable took 1,400, and dropped what was larger. A
    router would have said so (ICMP 'fragmentation needed'), and the sender would have made smaller
    packets; a bridge does not speak, so all devices on one must have the same MTU. A small ping proves
    nothing about large packets: TCP's handshake fits, and the first full segment hangs.`,
})

// The broken network mtu-mismatch: one end of a cable accepts only smaller packets than the other end sends.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping, shows, showsNo } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { far, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'mtu-mismatch',
  title: 'ping and small pages work, but large pages from ns1 hang',
  difficulty: 3,
  story: `
    ns1 answers every small ping, but its users complain: small requests work, and large ones hang
    for ever. ns2 has no such trouble. A larger ping fails too.`,
  topology: picture,
  network: `${town}
    ip link set br0 mtu 1500`,
  servers: townServers,
  fault: `
    ip link set veth1 mtu 1400`,
  cause: cause('mtu-mismatch'),
  alternatives: [cause('duplicate-address'), cause('forward-drop'), cause('no-hairpin')],
  hints: [
    'How large may a packet be? Try several sizes: ip netns exec ns1 ping -c 1 -W 1 -M do -s 1300 172.18.0.3',
    'Above a limit no packet arrives, and no router says why. At most, the kernel of ns1 says that its own device took no more (No buffer space available). Which device counts dropped packets? ip -s link show veth1',
    'Compare the two ends of the cable: ip link show veth1; ip -n ns1 link show eth0',
  ],
  works: ({ host, namespace }) => [
    {
      statement: 'ns1 reaches ns2 with a large packet',
      probe: output(namespace('ns1'))`ping -c 1 -W 0.5 -s 1450 172.18.0.3`,
      expectation: answers,
    },
    {
      statement: 'ns1 reaches ns2 with a packet of 1,500 bytes, without fragmentation',
      probe: ping(namespace('ns1'), '172.18.0.3', 1500),
      expectation: answers,
    },
    {
      statement: 'ns1 reaches the Internet with a packet of 1,500 bytes, without fragmentation',
      probe: ping(namespace('ns1'), far, 1500),
      expectation: answers,
    },
    {
      statement: 'all ports of br0 have the same MTU as the namespaces: 1,500 bytes',
      probe: output(host)`ip -o link show master br0 | awk '{ print $2, $4, $5 }'`,
      expectation: showsNo(/mtu (?!1500$)/),
    },
    {
      statement: 'eth0 of ns1 has the same MTU as the other end of its cable: 1,500 bytes',
      probe: output(namespace('ns1'))`ip -o link show eth0 | awk '{ print $2, $4, $5 }'`,
      expectation: shows(/mtu 1500$/),
    },
  ],
  unharmed: (nodes) => [
    {
      statement: 'ns2 reaches the Internet with a packet of 1,500 bytes, without fragmentation',
      probe: ping(nodes.namespace('ns2'), far, 1500),
      expectation: answers,
    },
    ...restOfTown(nodes),
  ],
  solutions: [
    { title: 'The same MTU at both ends of the cable', commands: 'ip link set veth1 mtu 1500' },
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
      title: 'The same MTU at one end, a larger one at the other: they differ again',
      commands: `
        ip link set veth1 mtu 1500
        ip -n ns1 link set eth0 mtu 9000`,
    },
    {
      title: 'A larger MTU at one end: the ends of the cable still differ',
      commands: 'ip link set veth1 mtu 9000',
    },
    {
      title: 'The smaller MTU everywhere: ns2 is limited too',
      commands: `
        ip link set br0 mtu 1400
        ip link set veth2 mtu 1400
        ip -n ns1 link set eth0 mtu 1400
        ip -n ns2 link set eth0 mtu 1400`,
    },
    {
      title: 'A new cable and another address: the others no longer find ns1',
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
    ns1 sent packets of up to 1,500 bytes. The other end of its cable accepted only 1,400 and
    dropped larger packets. Since Linux 6.7, the program that sends sees 'No buffer space
    available'; an older kernel says nothing. A router would have sent an error (ICMP 'fragmentation needed'), and the
    sender would have made smaller packets. A bridge sends no errors, so all devices on one bridge
    must have the same MTU. A small ping proves nothing about large packets: the TCP handshake
    works, and the first full segment hangs.`,
})

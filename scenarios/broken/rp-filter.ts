// rp-filter: an answer that comes in by another door than the one that leads back.
import { broken } from '../../lib/fix/index.ts'
import { answers, curl, output, ping, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { noAnswer, published } from './checks.ts'
import { street } from './town.ts'

export default broken({
  name: 'rp-filter',
  title: 'A namespace with two networks does not answer on its second one',
  difficulty: 3,
  story: `
    ns2 was connected to a second network, 172.19.0.0/24, and its server is published from there: port
    8080 of the host leads to 172.19.0.3. From outside it does not answer. The server runs; the host
    itself reads its page; port 80, of ns1, is fine.`,
  topology: `
       ns1
  +------------+             host                        outside
  | eth0       |    +------------------------+    +---------------------+
  | 172.18.0.2 +----+ br0         eth0       |    | wan                 |
  | port 80    |    | 172.18.0.1  203.0.113.2+----+ 203.0.113.1         |
  +------------+    |                        |    |                     |
       ns2          | port 80 leads to ns1,  |    +---------------------+
  +------------+    | port 8080 to ns2       |
  | eth0       +----+ br0                    |
  | 172.18.0.3 |    |                        |
  | eth1       +----+ br1                    |
  | 172.19.0.3 |    | 172.19.0.1             |
  | port 8080  |    +------------------------+
  +------------+`,
  network: `${street}
    ip link add br1 type bridge
    ip address add 172.19.0.1/24 dev br1
    ip link set br1 up
    ip link add veth3 master br1 up type veth peer name eth1 netns ns2
    ip -n ns2 address add 172.19.0.3/24 dev eth1
    ip -n ns2 link set eth1 up
    iptables -t nat -A PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.19.0.3:8080`,
  servers: [
    ['ns1', '80'],
    ['ns2', '8080'],
  ],
  fault: `
    sysctl -w net.ipv4.conf.all.rp_filter=1`,
  cause: cause('rp-filter'),
  alternatives: [cause('dnat-wrong-address'), cause('no-server'), cause('forward-drop')],
  hints: [
    'Does the request reach ns2, and does ns2 answer? Watch both of its interfaces: ip netns exec ns2 tcpdump -ni any tcp port 8080',
    'The request comes in by eth1, the answer leaves by eth0: its default route is there. What does the host do with a packet of 172.19.0.3 that comes in by br0?',
    'It counts what it drops for that reason: nstat -az TcpExtIPReversePathFilter. The larger of the two settings counts, that of all and that of the interface: sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter',
  ],
  works: ({ outside }) => [
    {
      statement: 'port 8080 of the host leads to ns2, which sees the real address of its client',
      probe: curl(outside, 'http://203.0.113.2:8080/'),
      expectation: shows('hello from ns2: I see you as 203.0.113.1'),
    },
  ],
  unharmed: (nodes) => [
    published(nodes),
    {
      statement: 'ns1 reaches ns2',
      probe: ping(nodes.namespace('ns1'), '172.18.0.3'),
      expectation: answers,
    },
    {
      statement: 'nobody outside can pretend to be 172.18.0.9',
      probe: output(nodes.host)`ip route get 172.18.0.2 from 172.18.0.9 iif eth0`,
      // Kernels refuse it in different words (EXDEV, EINVAL).
      expectation: noAnswer,
    },
  ],
  solutions: [
    {
      title: 'On br0 only: any way back will do (loose mode)',
      commands: 'sysctl -w net.ipv4.conf.br0.rp_filter=2',
    },
    {
      title: 'The answer goes by the way that the request came: a route for each source address',
      commands: `
        ip -n ns2 route add default via 172.19.0.1 dev eth1 table 100
        ip -n ns2 rule add from 172.19.0.3 lookup 100`,
    },
  ],
  destructive: [
    {
      title: 'No filter anywhere: outside, anybody may now use your addresses',
      commands: 'for i in all br0 eth0; do sysctl -w net.ipv4.conf.$i.rp_filter=0; done',
    },
    {
      title: 'Loose mode for all interfaces: the same for eth0',
      commands: 'sysctl -w net.ipv4.conf.all.rp_filter=2',
    },
    {
      title: 'ns2 leaves its first network: ns1 does not find it any more',
      commands: `
        ip -n ns2 link delete eth0
        ip -n ns2 route add default via 172.19.0.1`,
    },
    {
      title:
        'Address translation for everything that goes to the namespaces: they no longer know their clients',
      commands: `
        sysctl -w net.ipv4.conf.br0.rp_filter=2
        iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE`,
    },
  ],
  explanation: `
    With rp_filter=1 (RFC 3704, strict) the kernel drops a packet whose source it would itself reach by
    another interface. ns2 has one default route, by eth0, so the answers of 172.19.0.3 came in on br0,
    while the host's way to 172.19.0.3 is br1. The filter is of use against forged addresses from
    outside, so it must stay on eth0. The larger of 'all' and the interface's own setting counts: 0 on
    br0 changes nothing, 2 (loose: some way back exists) does.`,
})

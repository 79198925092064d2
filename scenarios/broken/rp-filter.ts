// The broken network rp-filter: answers arrive on another interface than the route back, and the host drops them.
import { broken } from '../../lib/fix/index.ts'
import { answers, curl, noAnswer, output, ping, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { ofDb, publishedInside, reachesInternet, restOfTown } from './checks.ts'
import { street } from './town.ts'

export default broken({
  name: 'rp-filter',
  title: 'A namespace with two networks does not answer on its second one',
  difficulty: 3,
  story: `
    ns2 was connected to a second network, 172.19.0.0/24. Its server is published from there: port
    8080 of the host leads to 172.19.0.3. A client outside gets no answer. The server runs, and the
    host itself reads its page. Port 80, which leads to ns1, works.`,
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
    'The request comes in through eth1, but the answer leaves through eth0, because the default route of ns2 is there. What does the host do with a packet from 172.19.0.3 that comes in on br0?',
    "The kernel counts the packets that it drops for this reason: nstat -az TcpExtIPReversePathFilter. Of two sysctls, the one for 'all' and the one for the interface, the larger value counts: sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter",
  ],
  works: (nodes) => [
    {
      statement: 'port 8080 of the host leads to ns2, and ns2 sees the real address of its client',
      probe: curl(nodes.outside, 'http://203.0.113.2:8080/'),
      expectation: shows('hello from ns2: I see you as 203.0.113.1'),
    },
    // The filter also drops an ARP request for the gateway whose sender address is 172.19.0.3, so ns2 may lose its gateway.
    reachesInternet(nodes, 'ns2'),
    publishedInside(nodes),
  ],
  unharmed: (nodes) => [
    ...restOfTown(nodes, 'ns2', 'publishedInside', ...ofDb),
    {
      statement: 'ns1 reaches ns2',
      probe: ping(nodes.namespace('ns1'), '172.18.0.3'),
      expectation: answers,
    },
    {
      statement: 'a machine outside cannot use 172.18.0.9 as its source address',
      probe: output(nodes.host)`ip route get 172.18.0.2 from 172.18.0.9 iif eth0`,
      // Kernels refuse it with different errors (EXDEV, EINVAL).
      expectation: noAnswer,
    },
    {
      statement: 'the host reaches all machines of 172.19.0.0/24 through br1',
      probe: output(nodes.host)`ip route get 172.19.0.77`,
      expectation: shows(/^172\.19\.0\.77 dev br1/),
    },
  ],
  solutions: [
    {
      title: 'Loose mode on br0 only: any route back is enough',
      commands: 'sysctl -w net.ipv4.conf.br0.rp_filter=2',
    },
    {
      title: 'The answer leaves where the request came in: one route for each source address',
      commands: `
        ip -n ns2 route add default via 172.19.0.1 dev eth1 table 100
        ip -n ns2 rule add from 172.19.0.3 lookup 100`,
    },
  ],
  destructive: [
    {
      title: 'A route to the whole second network through br0: no other machine there is reached',
      commands: 'ip route replace 172.19.0.0/24 via 172.18.0.3',
    },
    {
      title: 'No filter on any interface: machines outside can use your addresses',
      commands: 'for i in all br0 eth0; do sysctl -w net.ipv4.conf.$i.rp_filter=0; done',
    },
    {
      title: 'Loose mode for all interfaces: eth0 is open too',
      commands: 'sysctl -w net.ipv4.conf.all.rp_filter=2',
    },
    {
      title: 'ns2 leaves its first network: ns1 no longer finds it',
      commands: `
        ip -n ns2 link delete eth0
        ip -n ns2 route add default via 172.19.0.1`,
    },
    {
      title: 'Source NAT for all packets to the namespaces: they no longer see their real clients',
      commands: `
        sysctl -w net.ipv4.conf.br0.rp_filter=2
        iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE`,
    },
  ],
  explanation: `
    With rp_filter=1 (RFC 3704, strict mode) the kernel checks the route back to the source of a
    packet. If that route uses another interface, the kernel drops the packet. ns2 has one default
    route, through eth0, so the answers of 172.19.0.3 came in on br0. But the host's route to
    172.19.0.3 goes through br1. The filter protects against forged addresses from outside, so it
    must stay on for eth0. Of the values for 'all' and for the interface, the larger one counts. So
    0 on br0 changes nothing, but 2 does. 2 is loose mode: any route back is enough.`,
})

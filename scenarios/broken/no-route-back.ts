// The broken network no-route-back: the host has no route to a network behind another router.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping, showsNo } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { far, ofDb, restOfTown } from './checks.ts'
import { street } from './town.ts'

export default broken({
  name: 'no-route-back',
  title: 'inner reaches its router, but nothing behind the router',
  difficulty: 2,
  story: `
    ns2 is a router now. Behind it, on 172.20.0.0/24, is the machine inner. inner reaches ns2, but
    neither the host nor the Internet. ns2 itself reaches both, and forwarding is on in ns2.`,
  topology: `
       ns1
  +------------+             host                        outside
  | eth0       |    +------------------------+    +---------------------+
  | 172.18.0.2 +----+ br0         eth0       |    | wan                 |
  | web server |    | 172.18.0.1  203.0.113.2+----+ 203.0.113.1         |
  +------------+    |                        |    |                     |
       ns2          | port 80 leads to ns1   |    | lo 198.51.100.1     |
  +------------+    |                        |    +---------------------+
  | eth0       +----+ br0                    |
  | 172.18.0.3 |    |                        |
  | eth1       |    +------------------------+
  | 172.20.0.1 |            inner
  |            |    +------------------------+
  |            +----+ eth0 172.20.0.2        |
  +------------+    |      172.20.0.77       |
                    +------------------------+`,
  network: `${street}
    ip netns add inner
    ip -n ns2 link add eth1 type veth peer name eth0 netns inner
    ip -n ns2 address add 172.20.0.1/24 dev eth1
    ip -n ns2 link set eth1 up
    ip netns exec ns2 sysctl -w net.ipv4.conf.all.forwarding=1
    ip -n inner address add 172.20.0.2/24 dev eth0
    ip -n inner address add 172.20.0.77/24 dev eth0
    ip -n inner link set eth0 up
    ip -n inner route add default via 172.20.0.1
    ip route add 172.20.0.0/24 via 172.18.0.3
    iptables -t nat -A POSTROUTING -s 172.20.0.0/24 -o eth0 -j MASQUERADE`,
  servers: [['ns1', '80']],
  fault: `
    ip route delete 172.20.0.0/24`,
  cause: cause('no-route-back'),
  alternatives: [cause('forwarding-off'), cause('no-masquerade'), cause('forward-drop')],
  hints: [
    'Does the request reach the host? tcpdump -ni br0 icmp. Where is the answer?',
    'The host gets the request, and sends its answer elsewhere. Where? tcpdump -ni eth0 icmp',
    'Ask the kernel of the host for the route back: ip route get 172.20.0.2',
  ],
  works: ({ namespace }) => [
    {
      statement: 'inner reaches the host',
      probe: ping(namespace('inner'), '172.18.0.1'),
      expectation: answers,
    },
    {
      statement: 'inner reaches a server on the Internet',
      probe: ping(namespace('inner'), far),
      expectation: answers,
    },
    {
      statement: 'inner reaches the host from its second address, 172.20.0.77',
      probe: output(namespace('inner'))`ping -c 1 -W 0.5 -I 172.20.0.77 172.18.0.1`,
      expectation: answers,
    },
  ],
  unharmed: (nodes) => [
    ...restOfTown(nodes, ...ofDb),
    {
      statement: 'the host sends packets for other networks, such as 172.21.0.2, not to ns2',
      probe: output(nodes.host)`ip route get 172.21.0.2`,
      expectation: showsNo('172.18.0.3'),
    },
    {
      statement: 'ns2 has no rule that translates the packets of all machines to all others',
      probe: output(nodes.namespace('ns2'))`iptables -t nat -S POSTROUTING`,
      expectation: showsNo(/^-A POSTROUTING -j (MASQUERADE|SNAT)/),
    },
  ],
  solutions: [
    {
      title: 'A route on the host to the network behind ns2',
      commands: 'ip route add 172.20.0.0/24 via 172.18.0.3',
    },
    {
      title: 'ns2 hides its network behind its own address',
      commands:
        'ip netns exec ns2 iptables -t nat -A POSTROUTING -s 172.20.0.0/24 -o eth0 -j MASQUERADE',
    },
  ],
  destructive: [
    {
      title: 'A route to one address of inner: its second one is still cut off',
      commands: 'ip route add 172.20.0.2 via 172.18.0.3',
    },
    {
      title: 'A route to all private addresses: the host sends other networks to ns2 too',
      commands: 'ip route add 172.16.0.0/12 via 172.18.0.3',
    },
    {
      title: 'A default route to ns2: the host no longer reaches the Internet',
      commands: 'ip route replace default via 172.18.0.3',
    },
    {
      title: 'ns2 translates all packets, also those to its own network',
      commands: 'ip netns exec ns2 iptables -t nat -A POSTROUTING -j MASQUERADE',
    },
    {
      title: 'All packets get the address of the host: ns1 no longer sees its real clients',
      commands: `
        ip route add 172.20.0.0/24 via 172.18.0.3
        iptables -t nat -A POSTROUTING -j MASQUERADE`,
    },
  ],
  explanation: `
    A route works in one direction only. The packets of inner reached the host through ns2. But the
    host had no route to 172.20.0.0/24. Its answers took the default route to the Internet, where no
    machine knows such an address. If you add a network behind a router, every machine that answers
    it needs a route to it. Otherwise hide the network behind an address that they know.`,
})

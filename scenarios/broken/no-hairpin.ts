// The broken network no-hairpin: the answer goes directly to a neighbour and bypasses the host, which did the DNAT.
import { broken } from '../../lib/fix/index.ts'
import { curl, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { publishedInside, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-hairpin',
  title: 'All but the neighbours of the server read http://203.0.113.2/',
  difficulty: 2,
  story: `
    The page of ns1 is published as http://203.0.113.2/. Every machine outside reads it there. ns2,
    on the same bridge as ns1, gets no answer, and neither does ns1 itself. ns2 can read the page at
    http://172.18.0.2/.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE`,
  cause: cause('no-hairpin'),
  alternatives: [cause('dnat-without-local'), cause('forward-drop'), cause('rp-filter')],
  hints: [
    'Watch the cable of ns2 while it connects: ip netns exec ns2 tcpdump -ni eth0 tcp port 80. Which address answers?',
    'ns2 asks 203.0.113.2, but 172.18.0.2 answers. Why did the host not restore the address?',
    'ns1 sees ns2 as its client, and sends the answer straight to it. Which client address would make ns1 send the answer through the host?',
  ],
  works: (nodes) => [
    publishedInside(nodes),
    {
      statement: 'ns1 reads the page at the published port',
      probe: curl(nodes.namespace('ns1'), 'http://203.0.113.2/'),
      expectation: shows('hello from ns1'),
    },
  ],
  unharmed: (nodes) => restOfTown(nodes, 'publishedInside'),
  solutions: [
    {
      title: 'Packets from the bridge back to the bridge get the address of the host',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE',
    },
    {
      title: 'Only packets that were sent to a published port',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -m conntrack --ctstate DNAT -j SNAT --to-source 172.18.0.1',
    },
  ],
  destructive: [
    {
      title: 'ns1 gets the address of the host: two machines have one address',
      commands: `
        ip -n ns1 address add 203.0.113.2/32 dev lo
        ip -n ns2 route add 203.0.113.2 via 172.18.0.2`,
    },
    {
      title: 'All packets to the bridge: ns1 no longer sees its real clients',
      commands: 'iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE',
    },
    {
      title: 'Isolate the two on the bridge, so that all packets pass the host',
      commands: `
        bridge link set dev veth1 isolated on
        bridge link set dev veth2 isolated on
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE`,
    },
  ],
  explanation: `
    DNAT sent the request of ns2 back to the bridge, to ns1, with ns2 as its source. ns1 and ns2 are
    on the same bridge, so the answer went straight to ns2. It bypassed the host, which would have
    changed its source to 203.0.113.2. ns2 never connected to 172.18.0.2, so it refused the answer.
    If the source is the host's address, the answer must pass the host. Container engines call this
    hairpin NAT, or NAT loopback.`,
})

// no-hairpin: a question that goes round by the host, and an answer that takes the short way.
import { broken } from '../../lib/fix/index.ts'
import { curl, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { published, readsNeighbour } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'no-hairpin',
  title: 'Everybody reads http://203.0.113.2/ but those beside the server',
  difficulty: 2,
  story: `
    The page of ns1 is published as http://203.0.113.2/. The whole world reads it there; ns2, on the
    same bridge as ns1, gets no answer, nor does ns1 itself. At http://172.18.0.2/ ns2 reads it.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE`,
  cause: cause('no-hairpin'),
  alternatives: [cause('dnat-without-local'), cause('forward-drop'), cause('rp-filter')],
  hints: [
    'Watch the cable of ns2 while it asks: ip netns exec ns2 tcpdump -ni eth0 tcp port 80. Who answers?',
    'It asks 203.0.113.2, and 172.18.0.2 answers: why did the host not turn that back?',
    'ns1 sees ns2 as its client, and sends the answer straight to it. Whom would ns1 have to see, so that the answer goes by the host?',
  ],
  works: ({ namespace }) => [
    {
      statement: 'ns2 reads the page at the published port',
      probe: curl(namespace('ns2'), 'http://203.0.113.2/'),
      expectation: shows('hello from ns1'),
    },
    {
      statement: 'ns1 reads it there, too',
      probe: curl(namespace('ns1'), 'http://203.0.113.2/'),
      expectation: shows('hello from ns1'),
    },
  ],
  unharmed: (nodes) => [
    published(nodes),
    {
      ...readsNeighbour(nodes),
      statement: 'asked directly, ns1 sees that ns2 is its client',
      expectation: shows('hello from ns1: I see you as 172.18.0.3'),
    },
  ],
  solutions: [
    {
      title: 'What comes from the bridge and goes back to it gets the address of the host',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE',
    },
    {
      title: 'Only what was sent to a published port',
      commands:
        'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -m conntrack --ctstate DNAT -j SNAT --to-source 172.18.0.1',
    },
  ],
  destructive: [
    {
      title: 'Everything that goes to the bridge: ns1 no longer knows its clients',
      commands: 'iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE',
    },
    {
      title: 'The two kept apart on the bridge, so that all goes by the host',
      commands: `
        bridge link set dev veth1 isolated on
        bridge link set dev veth2 isolated on
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE`,
    },
  ],
  explanation: `
    DNAT sent the request of ns2 back to the bridge, to ns1, with ns2 as its source. ns1 and ns2 share a
    wire, so the answer went straight there, past the host, which alone knew that it had to come from
    203.0.113.2. ns2 had never asked 172.18.0.2 and refused it. With the host's address as the source,
    the answer must go by the host. Engines call it hairpin, or NAT loopback.`,
})

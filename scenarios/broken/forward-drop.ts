// forward-drop: a firewall that lets through what is listed, and a network that is not on the list.
import { broken } from '../../lib/fix/index.ts'
import { ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { fenced, noAnswer, published, reachesInternet, readsInternet } from './checks.ts'
import { fence, neighbour, picture, street, townServers } from './town.ts'

export default broken({
  name: 'forward-drop',
  title: 'Since there is a firewall, ns1 and ns2 are cut off; db is not',
  difficulty: 2,
  story: `
    The security team has put a firewall on the host that passes on only what it knows. db works, the
    published port works, ns1 and ns2 do not reach the Internet. The team insists: what is not listed
    stays out, above all the machines outside, in the same LAN as eth0.`,
  topology: picture,
  network: `${street}${neighbour}
    iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT${fence}
    iptables -A FORWARD -m conntrack --ctstate DNAT -j ACCEPT
    iptables -A FORWARD -i br1 -o eth0 -j ACCEPT
    ip -n outside route add 172.18.0.0/24 via 203.0.113.2`,
  servers: townServers,
  fault: `
    iptables -P FORWARD DROP`,
  cause: cause('forward-drop'),
  alternatives: [cause('forwarding-off'), cause('no-masquerade'), cause('rp-filter')],
  hints: [
    'The packets of ns1 arrive on br0 and do not leave by eth0. What is on the way between the two?',
    'Its counters show what the policy of the chain has dropped: iptables -vnL FORWARD',
    'db has a rule that ns1 and ns2 lack. It should let out what they send, and nothing else.',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => [
    fenced(nodes),
    published(nodes),
    {
      statement: 'a machine outside that has a route to ns2 does not come through',
      probe: ping(nodes.outside, '172.18.0.3'),
      expectation: noAnswer,
    },
  ],
  solutions: [
    {
      title: 'A rule for br0, like that for br1',
      commands: 'iptables -A FORWARD -i br0 -o eth0 -j ACCEPT',
    },
    {
      title: 'By the source address',
      commands: 'iptables -A FORWARD -s 172.18.0.0/24 -o eth0 -j ACCEPT',
    },
  ],
  destructive: [
    {
      title: 'The policy back to ACCEPT: everybody outside comes in',
      commands: 'iptables -P FORWARD ACCEPT',
    },
    {
      title: 'Everything from br0, before all other rules: the fence to db is open',
      commands: 'iptables -I FORWARD -i br0 -j ACCEPT',
    },
    {
      title: 'The chain written anew, without the published port',
      commands: `
        iptables -F FORWARD
        iptables -A FORWARD -i br0 -o br1 -j REJECT
        iptables -A FORWARD -i br0 -j ACCEPT
        iptables -A FORWARD -o br0 -p icmp --icmp-type echo-reply -j ACCEPT
        iptables -A FORWARD -o br0 -p tcp --sport 80 -j ACCEPT`,
    },
  ],
  explanation: `
    What a packet meets in FORWARD is decided by the first rule that matches, and by the policy when
    none does. Docker sets that policy to DROP when it starts, which is why other people's bridges fall
    silent beside it. An ACCEPT in a table of your own does not help: a packet must be accepted in
    every chain of the hook. ACCEPT as the policy opens the namespaces to everybody who has a route.`,
})

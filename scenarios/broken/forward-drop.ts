// The broken network forward-drop: the firewall forwards what is listed, and br0 is not on the list.
import { broken } from '../../lib/fix/index.ts'
import { noAnswer, output, ping, showsNo } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { reachesInternet, readsInternet, restOfTown } from './checks.ts'
import { fence, neighbour, picture, street, townServers } from './town.ts'

export default broken({
  name: 'forward-drop',
  title: 'With the new firewall, ns1 and ns2 are cut off, but db is not',
  difficulty: 2,
  story: `
    The security team installed a firewall on the host. It forwards only what is listed. db and the
    published port work, but ns1 and ns2 do not reach the Internet. The team insists that everything
    else stays out, above all the machines outside in the same LAN as eth0.`,
  topology: picture,
  network: `${street}${neighbour}
    iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT${fence}
    iptables -A FORWARD -m conntrack --ctstate DNAT -j ACCEPT
    iptables -A FORWARD -i br1 -o eth0 -j ACCEPT
    ip -n outside route add 172.18.0.0/24 via 203.0.113.2
    ip -n outside address add 172.18.0.9/32 dev lo`,
  servers: townServers,
  fault: `
    iptables -P FORWARD DROP`,
  cause: cause('forward-drop'),
  alternatives: [cause('forwarding-off'), cause('no-masquerade'), cause('rp-filter')],
  hints: [
    'The packets of ns1 arrive on br0 but do not leave through eth0. What is between the two?',
    'The counters show what the policy of the chain has dropped: iptables -vnL FORWARD',
    'db has a rule that ns1 and ns2 lack. The new rule should let out what they send, and nothing else.',
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => [
    ...restOfTown(nodes, 'ns1', 'ns2', 'strangers'),
    {
      statement: 'a machine outside does not reach ns2, although it has a route to it',
      probe: ping(nodes.outside, '172.18.0.3'),
      expectation: noAnswer,
    },
    {
      statement: 'a machine outside cannot send to ns2 with 172.18.0.9 as its source address',
      // The kernel keeps an entry of each packet that it has let through.
      probe: output(
        nodes.host,
      )`conntrack -D -s 172.18.0.9 >/dev/null 2>&1; ip netns exec outside ping -c 1 -W 0.5 -I 172.18.0.9 172.18.0.3 >/dev/null; conntrack -L -s 172.18.0.9 2>/dev/null`,
      expectation: showsNo('172.18.0.9'),
    },
  ],
  solutions: [
    {
      title: 'A rule for br0, like the one for br1',
      commands: 'iptables -A FORWARD -i br0 -o eth0 -j ACCEPT',
    },
    {
      title: 'A rule for the source address',
      commands: 'iptables -A FORWARD -s 172.18.0.0/24 -o eth0 -j ACCEPT',
    },
  ],
  destructive: [
    {
      title: 'A rule for the source address alone: a machine outside can use such an address',
      commands: 'iptables -A FORWARD -s 172.18.0.0/24 -j ACCEPT',
    },
    {
      title: 'Set the policy back to ACCEPT: every machine outside gets in',
      commands: 'iptables -P FORWARD ACCEPT',
    },
    {
      title: 'Accept everything from br0 before all other rules: ns1 and ns2 reach db',
      commands: 'iptables -I FORWARD -i br0 -j ACCEPT',
    },
    {
      title: 'Write the chain again, without the published port',
      commands: `
        iptables -F FORWARD
        iptables -A FORWARD -i br0 -o br1 -j REJECT
        iptables -A FORWARD -i br0 -j ACCEPT
        iptables -A FORWARD -o br0 -p icmp --icmp-type echo-reply -j ACCEPT
        iptables -A FORWARD -o br0 -p tcp --sport 80 -j ACCEPT`,
    },
  ],
  explanation: `
    The first matching rule decides what happens to a packet in FORWARD. If no rule matches, the
    policy decides. Docker sets this policy to DROP when it starts, and then other bridges on the
    same host stop working. An ACCEPT in another table does not help: every chain of the hook must
    accept the packet. A policy of ACCEPT opens the namespaces to every machine that has a route to
    them.`,
})

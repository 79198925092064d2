// The broken network masquerade-wrong-interface: the MASQUERADE rule names the bridge instead of eth0.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { reachesInternet, readsInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'masquerade-wrong-interface',
  title: 'There is a MASQUERADE rule, but ns1 gets no answer',
  difficulty: 1,
  story: `
    ns1 and ns2 get no answer from the Internet. A colleague has checked: forwarding is on, and
    there is a MASQUERADE rule for 172.18.0.0/24. The colleague says that the rule cannot be the
    cause.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
    iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE`,
  cause: cause('masquerade-wrong-interface'),
  alternatives: [cause('forwarding-off'), cause('no-default-route'), cause('forward-drop')],
  hints: [
    'Which source address do the packets have when they leave? tcpdump -ni eth0 icmp',
    'Each rule counts the packets that it matches: iptables -t nat -vnL POSTROUTING. Which counter stays at 0?',
    "'-o' names the interface through which a packet leaves. Through which interface does a packet for the Internet leave?",
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => restOfTown(nodes, 'ns1', 'ns2'),
  solutions: [
    {
      title: 'Replace the rule with one for the right interface',
      commands: `
        iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
    {
      title: 'As Docker writes it: every interface except the bridge',
      commands: `
        iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 ! -o br0 -j MASQUERADE`,
    },
  ],
  destructive: [
    {
      title: 'No condition for interface or source: ns1 no longer sees its real clients',
      commands: 'iptables -t nat -A POSTROUTING -j MASQUERADE',
    },
    {
      title: 'Write the whole chain again, without the rule for db',
      commands: `
        iptables -t nat -F POSTROUTING
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
  ],
  explanation: `
    Packets pass POSTROUTING after the routing decision. So '-o' is the interface through which the
    packet will leave: eth0 for the Internet. A rule with '-o br0' matches only packets to the
    namespaces. It is not enough that a rule exists: its counter shows whether it ever matched.`,
})

// masquerade-wrong-interface: the right rule, for packets that go the other way.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet, readsInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'masquerade-wrong-interface',
  title: 'The rule for the way out is there, and ns1 gets no answer',
  difficulty: 1,
  story: `
    ns1 and ns2 get no answer from the Internet. A colleague has looked: forwarding is on, and there
    is a MASQUERADE rule for 172.18.0.0/24. So it cannot be that, says the colleague.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
    iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE`,
  cause: cause('masquerade-wrong-interface'),
  alternatives: [cause('forwarding-off'), cause('no-default-route'), cause('forward-drop')],
  hints: [
    'With which source address do the packets leave? tcpdump -ni eth0 icmp',
    'Rules count the packets that they match: iptables -t nat -vnL POSTROUTING. Which counter stays at 0?',
    "'-o' names the interface by which a packet leaves. By which does one for the Internet leave?",
  ],
  works: (nodes) => [reachesInternet(nodes, 'ns1'), readsInternet(nodes, 'ns2')],
  unharmed: (nodes) => [published(nodes), reachesInternet(nodes, 'db')],
  solutions: [
    {
      title: 'The rule for the right interface in the place of the wrong one',
      commands: `
        iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
    {
      title: 'As Docker writes it: by every way but the bridge',
      commands: `
        iptables -t nat -D POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 ! -o br0 -j MASQUERADE`,
    },
  ],
  destructive: [
    {
      title: 'No interface and no source at all: ns1 no longer knows its clients',
      commands: 'iptables -t nat -A POSTROUTING -j MASQUERADE',
    },
    {
      title: "The whole chain written anew, without db's rule",
      commands: `
        iptables -t nat -F POSTROUTING
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
  ],
  explanation: `
    POSTROUTING comes after the routing decision, so '-o' is the interface by which the packet is about
    to leave: eth0 for the Internet. A rule for '-o br0' sees only what goes to the namespaces. That a
    rule exists says nothing; its counter says whether it ever matched.`,
})

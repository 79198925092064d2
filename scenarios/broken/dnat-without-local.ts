// The broken network dnat-without-local: the rule of a published port also takes packets that pass through.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { shows, curl } from '../../lib/scenario/index.ts'
import { readsInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'dnat-without-local',
  title: 'Whatever web site ns2 opens, it gets the page of ns1',
  difficulty: 2,
  story: `
    Since the web server of ns1 was published, other users complain. Whatever web site ns2 opens, it
    gets the page of ns1, and db is refused everywhere. ping reaches the right machine.`,
  topology: picture,
  network: `${town}
    ip -n outside address add 192.0.2.80/32 dev lo`,
  servers: townServers,
  fault: `
    iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80`,
  cause: cause('dnat-without-local'),
  alternatives: [
    cause('default-route-wrong-device'),
    cause('duplicate-address'),
    cause('dnat-wrong-address'),
  ],
  hints: [
    'ping works, but port 80 does not. What on the path looks at ports?',
    'Which packets does the rule of the published port match? Read its conditions: iptables -t nat -vnL PREROUTING',
    'The rule has a condition for the port, but none for the destination address. Which destination addresses should it match? iptables -m addrtype --help',
  ],
  works: (nodes) => [
    readsInternet(nodes, 'ns2'),
    readsInternet(nodes, 'db'),
    ...['203.0.113.1', '192.0.2.80'].map((address) => ({
      statement: `ns2 reads the page of another server outside, ${address}`,
      probe: curl(nodes.namespace('ns2'), `http://${address}/`),
      expectation: shows('hello from outside'),
    })),
  ],
  unharmed: (nodes) => restOfTown(nodes),
  solutions: [
    {
      title: "Only for the host's own addresses, as container engines do",
      commands:
        'iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'Only for one address of the host',
      commands:
        'iptables -t nat -R PREROUTING 1 -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    },
  ],
  destructive: [
    {
      title: 'An exception for one network: every other web site is still the page of ns1',
      commands: 'iptables -t nat -I PREROUTING -d 198.51.100.0/24 -j RETURN',
    },
    {
      title: 'Only for packets that come in from outside: ns2 no longer reads http://203.0.113.2/',
      commands:
        'iptables -t nat -R PREROUTING 1 -i eth0 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'The namespaces are separated: they reach only the Internet',
      commands: `
        iptables -t nat -R PREROUTING 1 -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80
        iptables -I FORWARD -i br0 -o br0 -j DROP
        bridge link set dev veth1 isolated on
        bridge link set dev veth2 isolated on`,
    },
    {
      title: 'Delete the rule: the published port is gone too',
      commands: 'iptables -t nat -D PREROUTING 1',
    },
  ],
  explanation: `
    The only condition of the rule was the destination port 80. PREROUTING sees every packet that
    comes in, also packets that only pass through the host. All of them were sent to ns1. With
    '--dst-type LOCAL' the rule matches only packets for an address of the host itself. Container
    engines had the same fault (netavark issue 904).`,
})

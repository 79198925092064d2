// dnat-without-local: a published port that also takes what was only passing through.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, readsInternet } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'dnat-without-local',
  title: 'Whatever web site ns2 opens, the page of ns1 comes',
  difficulty: 2,
  story: `
    Since the web server of ns1 was published, the others complain: whatever site on the Internet
    ns2 opens, the page of ns1 comes, and db is refused everywhere. ping reaches the right machine.`,
  topology: picture,
  network: town,
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
    'ping comes through and port 80 does not: what on the way looks at ports?',
    'Whose packets does the rule of the published port take? Read its conditions: iptables -t nat -vnL PREROUTING',
    'It asks for the port only, and for no destination. Which destinations are meant? iptables -m addrtype --help',
  ],
  works: (nodes) => [readsInternet(nodes, 'ns2'), readsInternet(nodes, 'db')],
  unharmed: (nodes) => [published(nodes)],
  solutions: [
    {
      title: "Only for the host's own addresses, as container engines write it",
      commands:
        'iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'Only for one address of the host',
      commands:
        'iptables -t nat -R PREROUTING 1 -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'Only for what comes in from outside',
      commands:
        'iptables -t nat -R PREROUTING 1 -i eth0 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    },
  ],
  destructive: [
    {
      title: 'Take the rule away: so is the published port',
      commands: 'iptables -t nat -D PREROUTING 1',
    },
  ],
  explanation: `
    The rule asked for the destination port 80 only, and PREROUTING sees every packet that comes in,
    also those that are only passing through: each of them was sent to ns1. With
    '--dst-type LOCAL' it takes those for an address of the host itself. The same fault was found in
    container engines (netavark 904).`,
})

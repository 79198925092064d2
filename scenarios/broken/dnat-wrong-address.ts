// The broken network dnat-wrong-address: the published port leads to an address that no machine has.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, publishedInside, readsInternet, restOfTown } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'dnat-wrong-address',
  title: 'The published web server of ns1 does not answer from outside',
  difficulty: 1,
  story: `
    Customers on the Internet open http://203.0.113.2/ and wait until they give up. They get no
    answer, not even a refusal. ns2 reads the page of ns1 at http://172.18.0.2/ without trouble.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.22:80`,
  cause: cause('dnat-wrong-address'),
  alternatives: [cause('no-published-port'), cause('no-server'), cause('forward-drop')],
  hints: [
    'A closed port refuses at once, but this port does not answer at all. So something takes the packets. What is it?',
    'Watch the bridge while a client connects: tcpdump -ni br0. Which address does the host look for?',
    'Compare the rule with the address of ns1: iptables -t nat -nL PREROUTING; ip -n ns1 -brief address',
  ],
  works: (nodes) => [published(nodes), publishedInside(nodes)],
  unharmed: (nodes) => [
    ...restOfTown(nodes, 'published', 'publishedInside'),
    readsInternet(nodes, 'ns2'),
  ],
  solutions: [
    {
      title: 'The right address in the rule',
      commands:
        'iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'Give ns1 the address in the rule as a second address',
      commands: 'ip -n ns1 address add 172.18.0.22/24 dev eth0',
    },
  ],
  destructive: [
    {
      title: 'A rule for port 80 of all addresses: ns2 reads no other page',
      commands:
        'iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'Move ns1 to the other address: its neighbours no longer find it',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.22/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1`,
    },
    {
      title: 'Write the whole table again, without the rule for db',
      commands: `
        iptables -t nat -F
        iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
  ],
  explanation: `
    The rule sent every request to 172.18.0.22. No machine has that address. The host asked for it
    on br0 by ARP and got no answer. So the request ended there, and the client waited in vain. If a
    rule contains the address of a server, it must change together with that address. Otherwise the
    published port leads nowhere or, when the address is given out again, to another server.`,
})

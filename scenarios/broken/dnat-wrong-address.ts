// dnat-wrong-address: a published port whose server has moved, or never was there.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet, readsNeighbour } from './checks.ts'
import { picture, town, townServers } from './town.ts'

export default broken({
  name: 'dnat-wrong-address',
  title: 'The published web server of ns1 does not answer from outside',
  difficulty: 1,
  story: `
    Customers on the Internet wait for http://203.0.113.2/ until they give up: nothing, not even a
    refusal. ns2 reads the page of ns1 at http://172.18.0.2/ without trouble.`,
  topology: picture,
  network: town,
  servers: townServers,
  fault: `
    iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.22:80`,
  cause: cause('dnat-wrong-address'),
  alternatives: [cause('no-published-port'), cause('no-server'), cause('forward-drop')],
  hints: [
    'A closed port refuses at once; this one is silent. So something takes the packets: what?',
    'Watch the bridge while somebody asks: tcpdump -ni br0. For whom does the host look?',
    'Compare the rule with the address of ns1: iptables -t nat -nL PREROUTING; ip -n ns1 -brief address',
  ],
  works: (nodes) => [published(nodes)],
  unharmed: (nodes) => [readsNeighbour(nodes), reachesInternet(nodes, 'db')],
  solutions: [
    {
      title: 'The right address in the rule',
      commands:
        'iptables -t nat -R PREROUTING 1 -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80',
    },
    {
      title: 'The address of the rule for ns1, besides its own',
      commands: 'ip -n ns1 address add 172.18.0.22/24 dev eth0',
    },
  ],
  destructive: [
    {
      title: 'ns1 moves to the other address, and its neighbours do not find it',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.22/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1`,
    },
    {
      title: 'The whole table written anew, with nothing for db',
      commands: `
        iptables -t nat -F
        iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80
        iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`,
    },
  ],
  explanation: `
    The rule sent every request to 172.18.0.22. Nobody has that address, so the host asked for it on
    br0 (ARP), got no answer, and the request died there; the client saw silence. Rules that hold a
    server's address must change with it: an engine that forgets to do so publishes a hole, or, once the
    address is given away again, somebody else's server.`,
})

// wrong-prefix: one who believes that the whole world is on his wire.
import { broken } from '../../lib/fix/index.ts'
import { answers, ping } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { published, reachesInternet } from './checks.ts'
import { neighbour, picture, street, townServers } from './town.ts'

export default broken({
  name: 'wrong-prefix',
  title: 'ns1 reaches the Internet, but not db next door; ns2 does both',
  difficulty: 2,
  story: `
    Here the two networks may talk to each other. ns2 reaches db. ns1, which was set up by hand
    yesterday, does not: after a while it says 'Destination Host Unreachable'. The Internet is no trouble for it.`,
  topology: picture,
  network: street + neighbour,
  servers: townServers,
  fault: `
    ip -n ns1 address flush dev eth0
    ip -n ns1 address add 172.18.0.2/8 dev eth0
    ip -n ns1 route add default via 172.18.0.1`,
  cause: cause('wrong-prefix'),
  alternatives: [cause('no-default-route'), cause('forward-drop'), cause('bridge-port')],
  hints: [
    'The refusal comes from ns1 itself. What does it try? tcpdump -ni br0 arp',
    'ns1 looks for db on its own wire. Why there, and not at the host? ip -n ns1 route get 172.19.0.2',
    'Compare the numbers behind the slash: ip -n ns1 -brief address; ip -n ns2 -brief address',
  ],
  works: (nodes) => [
    {
      statement: 'ns1 reaches db',
      probe: ping(nodes.namespace('ns1'), '172.19.0.2'),
      expectation: answers,
    },
  ],
  unharmed: (nodes) => [
    reachesInternet(nodes, 'ns1'),
    published(nodes),
    {
      statement: 'the host reaches db',
      probe: ping(nodes.host, '172.19.0.2'),
      expectation: answers,
    },
  ],
  solutions: [
    {
      title: 'The address with the right prefix, then the route that went with the old one',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1`,
    },
    {
      title: 'First the right one, then the wrong one away: the routes stay',
      commands: `
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 address delete 172.18.0.2/8 dev eth0`,
    },
    {
      title: 'A more exact route for this one network: it ends the symptom, not the fault',
      commands: 'ip -n ns1 route add 172.19.0.0/24 via 172.18.0.1',
    },
  ],
  destructive: [
    {
      title: "db's cable into br0: now the host does not find it",
      commands: 'ip link set veth3 master br0',
    },
    {
      title: 'Only the right address: the default route went with the old one',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 route add 172.19.0.0/24 via 172.18.0.1`,
    },
  ],
  explanation: `
    The prefix says who is on the same wire. With /8, that is 172.0.0.0 to 172.255.255.255: db's
    172.19.0.2 is among them, so ns1 did not send to the host but asked for it on br0 by ARP, and nobody
    answered. 198.51.100.1 is not, and went by the default route as ever. Deleting the last address of
    an interface also deletes the routes through it.`,
})

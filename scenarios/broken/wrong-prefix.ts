// The broken network wrong-prefix: a namespace has a prefix that is too short, so it takes db for a neighbour.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { restOfTown } from './checks.ts'
import { neighbour, picture, street, townServers } from './town.ts'

export default broken({
  name: 'wrong-prefix',
  title: 'ns1 reaches the Internet, but not db; ns2 reaches both',
  difficulty: 2,
  story: `
    In this lab the two networks may talk to each other. ns2 reaches db. ns1, which was set up by
    hand yesterday, does not: after a while it says 'Destination Host Unreachable'. ns1 reaches the
    Internet.`,
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
    'The error comes from ns1 itself. What does ns1 try? tcpdump -ni br0 arp',
    'ns1 looks for db on its own bridge, and does not send to the host. Why? ip -n ns1 route get 172.19.0.2',
    'Compare the prefix lengths after the slash: ip -n ns1 -brief address; ip -n ns2 -brief address',
  ],
  works: (nodes) => [
    {
      statement: 'ns1 reaches db',
      probe: ping(nodes.namespace('ns1'), '172.19.0.2'),
      expectation: answers,
    },
    {
      statement: 'ns1 sends packets for every other network to its gateway',
      probe: output(nodes.namespace('ns1'))`ip route get 172.20.0.2`,
      expectation: shows('via 172.18.0.1'),
    },
    {
      statement: 'ns1 sends packets for 172.18.1.2 to its gateway: it is on another network',
      probe: output(nodes.namespace('ns1'))`ip route get 172.18.1.2`,
      expectation: shows('via 172.18.0.1'),
    },
  ],
  unharmed: (nodes) => [
    ...restOfTown(nodes, 'fence', 'fenceBack'),
    {
      statement: 'ns1 reaches all machines of its own network without a router',
      probe: output(nodes.namespace('ns1'))`ip route get 172.18.0.200`,
      expectation: shows(/^172\.18\.0\.200 dev eth0/),
    },
    {
      statement: 'the host reaches db',
      probe: ping(nodes.host, '172.19.0.2'),
      expectation: answers,
    },
  ],
  solutions: [
    {
      title:
        'The address with the right prefix, then the route that was deleted with the old address',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 route add default via 172.18.0.1`,
    },
    {
      title: 'First add the right address, then delete the wrong one: the routes stay',
      commands: `
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 address delete 172.18.0.2/8 dev eth0`,
    },
  ],
  destructive: [
    {
      title: 'A longer prefix that is still too short',
      commands: `
        ip -n ns1 address add 172.18.0.2/16 dev eth0
        ip -n ns1 address delete 172.18.0.2/8 dev eth0`,
    },
    {
      title: 'The prefix is too long: half of the network is now behind the router',
      commands: `
        ip -n ns1 address add 172.18.0.2/25 dev eth0
        ip -n ns1 address delete 172.18.0.2/8 dev eth0`,
    },
    {
      title: 'A more specific route for this network: it cures the symptom, not the fault',
      commands: 'ip -n ns1 route add 172.19.0.0/24 via 172.18.0.1',
    },
    {
      title: 'Attach the cable of db to br0: the host no longer finds db',
      commands: 'ip link set veth3 master br0',
    },
    {
      title: 'Only the right address: the default route was deleted with the old one',
      commands: `
        ip -n ns1 address flush dev eth0
        ip -n ns1 address add 172.18.0.2/24 dev eth0
        ip -n ns1 route add 172.19.0.0/24 via 172.18.0.1`,
    },
  ],
  explanation: `
    The prefix length says which addresses are on the same network. /8 means 172.0.0.0 to
    172.255.255.255, and 172.19.0.2 (db) is one of them. So ns1 did not send to the host. It asked
    for db on br0 by ARP and got no answer. 198.51.100.1 is not in this range, so its packets took
    the default route as before. When the last address of an interface is deleted, the kernel also
    deletes the routes through it.`,
})

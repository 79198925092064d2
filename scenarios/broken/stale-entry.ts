// The broken network stale-entry: a container moved to another machine, and one machine still sends its frames to the old one.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { floodsNothing, on2, on3, reaches, wide, widePicture } from './wide.ts'

export default broken({
  name: 'stale-entry',
  title: 'c2 was moved to host3, and c1 no longer reaches it',
  difficulty: 2,
  story: `
    For the maintenance of host2, c2 was moved to host3 this morning, with its addresses. c3 reaches
    it there. c1 does not, although it reached c2 before, and it still reaches c3.`,
  topology: widePicture,
  machines: 3,
  network: wide,
  servers: [],
  fault: `
    ${on2} ip link delete veth2
    ${on3} ip link add veth2 master br0 up type veth peer name eth0 address 02:00:00:00:00:02 netns c2
    ip -n c2 address add 10.80.0.3/24 dev eth0
    ip -n c2 link set eth0 mtu 1450 up
    ${on3} bridge fdb delete 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self
    ${on3} ip neighbour delete 10.80.0.3 dev vxlan0
    ${on2} bridge fdb add 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.13 self permanent
    ${on2} ip neighbour add 10.80.0.3 lladdr 02:00:00:00:00:02 dev vxlan0 nud permanent`,
  cause: cause('stale-entry'),
  alternatives: [cause('tunnel-number'), cause('tunnel-port'), cause('duplicate-address')],
  hints: [
    'To which machine does host send the frames for c2? tcpdump -ni eth0 udp port 4789, while c1 pings 10.80.0.3',
    'They go to 203.0.113.12, which is host2. What tells the tunnel of host where a MAC address is?',
    'bridge fdb show dev vxlan0: the entry for 02:00:00:00:00:02 still names the old machine.',
  ],
  works: (nodes) => [reaches(nodes, 'c1', 'c2'), reaches(nodes, 'c1', 'c2', 1450)],
  unharmed: (nodes) => [
    reaches(nodes, 'c1', 'c3'),
    reaches(nodes, 'c3', 'c2'),
    floodsNothing(nodes),
  ],
  solutions: [
    {
      title: 'The entry names the machine where c2 is now',
      commands: 'bridge fdb replace 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.13 self permanent',
    },
    {
      title: 'Delete the old entry, and add a new one',
      commands: `
        bridge fdb delete 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self
        bridge fdb add 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.13 self permanent`,
    },
  ],
  destructive: [
    {
      title: 'Flood instead: every frame for an unknown address goes to both machines',
      commands: `
        bridge fdb delete 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self
        bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.12 self permanent
        bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.13 self permanent`,
    },
    {
      title: 'A new tunnel with the entries for c2 alone: c1 no longer reaches c3',
      commands: `
        ip link delete vxlan0
        ip link add vxlan0 master br0 up type vxlan id 42 dstport 4789 local 203.0.113.2 nolearning proxy
        bridge fdb add 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.13 self permanent
        ip neighbour add 10.80.0.3 lladdr 02:00:00:00:00:02 dev vxlan0 nud permanent`,
    },
    {
      title: 'Move c2 back to host2, without its entries on host3: c3 no longer reaches it',
      commands: `
        ${on3} ip link delete veth2
        ${on2} ip link add veth2 master br0 up type veth peer name eth0 address 02:00:00:00:00:02 netns c2
        ip -n c2 address add 10.80.0.3/24 dev eth0
        ip -n c2 link set eth0 mtu 1450 up
        ${on2} bridge fdb delete 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.13 self
        ${on2} ip neighbour delete 10.80.0.3 dev vxlan0`,
    },
  ],
  explanation: `
    c1 had the right MAC address of c2, because that did not change. But the tunnel of host still
    sent the frames for it to host2, where no port leads to c2 any more. A permanent entry never
    expires, and nothing on the wire contradicts it. After a move, all machines must be told. Real
    networks do that by a store that all of them watch (etcd), and they compare everything again
    after each interruption.`,
})

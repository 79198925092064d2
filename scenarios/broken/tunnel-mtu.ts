// The broken network tunnel-mtu: the wire of host2 carries smaller packets than the containers and the outer headers need.
import { broken } from '../../lib/fix/index.ts'
import { answers, output, ping, shows } from '../../lib/scenario/index.ts'
import { cause } from './causes.ts'
import { floodsNothing, reaches, wide, widePicture } from './wide.ts'

const mtus = (mtu: number, ...containers: readonly string[]) =>
  containers.map((name) => `ip -n ${name} link set eth0 mtu ${mtu}`).join('\n')

export default broken({
  name: 'tunnel-mtu',
  title: 'ping and small pages work between c1 and c2; large ones hang',
  difficulty: 3,
  story: `
    The provider has moved host2 to another building. Since then, c1 and c2 reach each other by ping,
    and small pages load. Large pages and copies hang for ever. Between c1 and c3 all is well. The
    provider says that the wire of host2 carries 1,400 bytes, and that this stays so.`,
  topology: widePicture,
  machines: 3,
  network: wide,
  servers: [],
  fault: `
    ip -n switch link set host2 mtu 1400`,
  cause: cause('tunnel-mtu'),
  alternatives: [cause('tunnel-number'), cause('tunnel-port'), cause('stale-entry')],
  hints: [
    'How large may a packet be? Try several sizes: ip netns exec c1 ping -c 1 -W 1 -M do -s 1300 10.80.0.3',
    'The outer headers of the tunnel need 50 bytes. How much of the 1,400 bytes of the wire is left for a packet of a container?',
    'The containers send up to 1,450 bytes: ip -n c1 link show eth0. All that may send through this wire need a smaller MTU.',
  ],
  works: ({ namespace }) => [
    {
      statement: 'c1 reaches c2 with the largest packet that its own MTU allows',
      probe: output(
        namespace('c1'),
      )`ping -c 1 -W 0.5 -M do -s $(($(ip -o link show eth0 | sed 's/.* mtu //; s/ .*//') - 28)) 10.80.0.3`,
      expectation: answers,
    },
    {
      statement: 'c2 reaches c1 with the largest packet that its own MTU allows',
      probe: output(
        namespace('c2'),
      )`ping -c 1 -W 0.5 -M do -s $(($(ip -o link show eth0 | sed 's/.* mtu //; s/ .*//') - 28)) 10.80.0.2`,
      expectation: answers,
    },
    {
      statement: 'c3 reaches c2 with the largest packet that its own MTU allows',
      probe: output(
        namespace('c3'),
      )`ping -c 1 -W 0.5 -M do -s $(($(ip -o link show eth0 | sed 's/.* mtu //; s/ .*//') - 28)) 10.80.0.3`,
      expectation: answers,
    },
  ],
  unharmed: (nodes) => [
    reaches(nodes, 'c1', 'c3'),
    {
      statement: 'c1 reaches c2 with a packet of 1,300 bytes, undivided',
      probe: ping(nodes.namespace('c1'), '10.80.0.3', 1300),
      expectation: answers,
    },
    {
      statement: 'the wire of host2 belongs to the provider: it carries 1,400 bytes',
      probe: output(nodes.namespace('switch'))`ip -o link show host2 | grep -o 'mtu [0-9]*'`,
      expectation: shows(/mtu 1400$/),
    },
    floodsNothing(nodes),
  ],
  solutions: [
    {
      title: 'All containers send at most 1,350 bytes: 50 less than the smallest wire',
      commands: mtus(1350, 'c1', 'c2', 'c3'),
    },
    { title: 'The same with some reserve', commands: mtus(1300, 'c1', 'c2', 'c3') },
  ],
  destructive: [
    {
      title: 'A smaller MTU in c1 alone: c2 still sends packets that are too large',
      commands: mtus(1350, 'c1'),
    },
    {
      title: 'A larger MTU on the wire: it belongs to the provider',
      commands: 'ip -n switch link set host2 mtu 1500',
    },
    {
      title: 'A very small MTU everywhere: packets that the wire carries are refused',
      commands: mtus(576, 'c1', 'c2', 'c3'),
    },
    {
      title: 'A smaller MTU everywhere, and a new tunnel without the entries for c3',
      commands: `
        ip -n c1 link set eth0 mtu 1350
        ip -n c2 link set eth0 mtu 1350
        ip -n c3 link set eth0 mtu 1350
        ip link delete vxlan0
        ip link add vxlan0 master br0 up type vxlan id 42 dstport 4789 local 203.0.113.2 nolearning proxy
        bridge fdb add 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self permanent
        ip neighbour add 10.80.0.3 lladdr 02:00:00:00:00:02 dev vxlan0 nud permanent`,
    },
  ],
  explanation: `
    A container sent 1,450 bytes, the tunnel added 50, and the outer packet of 1,500 bytes did not fit
    through the wire of host2. A switch sends no errors, so nobody told the machines, and they told
    their containers nothing. Small packets passed, so ping and the TCP handshake worked, and the
    first full segment was lost. The MTU inside a tunnel must be 50 bytes smaller than that of the
    smallest wire on the way (70 over IPv6).`,
})

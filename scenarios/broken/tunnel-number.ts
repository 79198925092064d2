// The broken network tunnel-number: the tunnel of host2 has another VNI than the tunnels of the other machines.
import { broken } from '../../lib/fix/index.ts'
import { cause } from './causes.ts'
import { floodsNothing, on2, reaches, wide, widePicture } from './wide.ts'

const device = (number: number) => `
  ${on2} ip link delete vxlan0
  ${on2} ip link add vxlan0 master br0 up type vxlan id ${number} dstport 4789 local 203.0.113.12 nolearning proxy`
const entries = `
  ${on2} bridge fdb add 02:00:00:00:00:01 dev vxlan0 dst 203.0.113.2 self permanent
  ${on2} bridge fdb add 02:00:00:00:00:03 dev vxlan0 dst 203.0.113.13 self permanent
  ${on2} ip neighbour add 10.80.0.2 lladdr 02:00:00:00:00:01 dev vxlan0 nud permanent
  ${on2} ip neighbour add 10.80.0.4 lladdr 02:00:00:00:00:03 dev vxlan0 nud permanent`
const others = (machine: string, local: string, own: number) => {
  const on = machine === 'host' ? '' : `nsenter --net=/run/netns/${machine} `
  const machines = [
    [1, '203.0.113.2'],
    [2, '203.0.113.12'],
    [3, '203.0.113.13'],
  ] as const
  return [
    '',
    `${on}ip link delete vxlan0`,
    `${on}ip link add vxlan0 master br0 up type vxlan id 24 dstport 4789 local ${local} nolearning proxy`,
    ...machines
      .filter(([number]) => number !== own)
      .flatMap(([number, there]) => [
        `${on}bridge fdb add 02:00:00:00:00:0${number} dev vxlan0 dst ${there} self permanent`,
        `${on}ip neighbour add 10.80.0.${number + 1} lladdr 02:00:00:00:00:0${number} dev vxlan0 nud permanent`,
      ]),
  ].join('\n  ')
}

export default broken({
  name: 'tunnel-number',
  title: 'After a reboot of host2, its containers are cut off',
  difficulty: 2,
  story: `
    host2 was rebooted, and its administrator built the tunnel again from his notes. Since then, c1
    and c3 do not reach c2. They reach each other. The machines themselves answer every ping.`,
  topology: widePicture,
  machines: 3,
  network: wide,
  servers: [],
  fault: `${device(24)}${entries}`,
  cause: cause('tunnel-number'),
  alternatives: [cause('tunnel-port'), cause('stale-entry'), cause('tunnel-mtu')],
  hints: [
    'Do the packets of c1 arrive on host2? Watch its eth0: nsenter --net=/run/netns/host2 tcpdump -ni eth0 udp port 4789',
    'They arrive. A VXLAN device takes only the packets of its own network. Compare the number in the packets with the device.',
    'Compare the devices: ip -d link show vxlan0; nsenter --net=/run/netns/host2 ip -d link show vxlan0',
  ],
  works: (nodes) => [
    reaches(nodes, 'c1', 'c2'),
    reaches(nodes, 'c3', 'c2'),
    reaches(nodes, 'c1', 'c2', 1450),
  ],
  unharmed: (nodes) => [reaches(nodes, 'c1', 'c3'), floodsNothing(nodes)],
  solutions: [
    {
      title: 'A new device on host2, with the number of the others and the same entries',
      commands: `${device(42)}${entries}`,
    },
    {
      title: 'The number of host2 on both other machines',
      commands: `${others('host', '203.0.113.2', 1)}${others('host3', '203.0.113.13', 3)}`,
    },
  ],
  destructive: [
    {
      title: 'Only host gets the number of host2: then c1 and c3 do not reach each other',
      commands: others('host', '203.0.113.2', 1),
    },
    {
      title:
        'A device with the right number that floods: every frame for an unknown address goes to all',
      commands: `${device(42)}${entries}
        ${on2} bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.2 self permanent
        ${on2} bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.13 self permanent`,
    },
    {
      title: 'A device with the right number and the entries for c1 alone: c3 is still cut off',
      commands: `${device(42)}
        ${on2} bridge fdb add 02:00:00:00:00:01 dev vxlan0 dst 203.0.113.2 self permanent
        ${on2} ip neighbour add 10.80.0.2 lladdr 02:00:00:00:00:01 dev vxlan0 nud permanent`,
    },
  ],
  explanation: `
    Each VXLAN packet has a number, the VNI, so that many networks can share the same wire. The
    packets of host had the number 42 and reached host2. There the kernel looked for a device with
    this number on UDP port 4789, found none, and dropped them without a word. An existing device
    cannot get another number: it must be created again, and its entries with it.`,
})

// Lists plausible wrong variants of each command of vxlan: the workshop must never accept one that a later check would refuse.
const cable = (number: number) =>
  `ip link add veth${number} type veth peer name eth0 address 02:00:00:00:00:0${number} netns c${number}`
const tunnel = (local: string) =>
  `ip link add vxlan0 type vxlan id 42 dstport 4789 local ${local} nolearning proxy`
const entry = (number: number, host: string) =>
  `bridge fdb add 02:00:00:00:00:0${number} dev vxlan0 dst ${host} self permanent`
const neighbour = (address: string, number: number) =>
  `ip neighbour add ${address} lladdr 02:00:00:00:00:0${number} dev vxlan0 nud permanent`

export default {
  'host$ ip netns add c1': ['ip netns add c3'],
  [`host$ ${cable(1)}`]: [
    'ip link add veth1 type veth peer name eth0 netns c1',
    cable(1).replace(':01', ':02'),
    cable(1).replace('name eth0', 'name eth1'),
  ],
  'host$ ip link add br0 type bridge': [
    'ip link add br1 type bridge',
    'ip link add br0 type bridge; ip link set br0 mtu 1400',
  ],
  'host$ ip link set veth1 master br0': [
    'true',
    'ip link set veth1 master br0; bridge link set dev veth1 isolated on',
  ],
  'host$ ip link set veth1 up': ['true'],
  'host$ ip link set br0 up': ['true', 'ip link set br0 up; ip address add 10.80.0.3/24 dev br0'],
  'c1$ ip address add 10.80.0.2/24 dev eth0': [
    'ip address add 10.80.0.2/32 dev eth0',
    'ip address add 10.80.0.3/24 dev eth0',
  ],
  'c1$ ip link set eth0 up': ['true', 'ip link set eth0 up arp off'],
  'host2$ ip netns add c2': ['true'],
  [`host2$ ${cable(2)}`]: [
    `host$ ${cable(2)}`,
    cable(2).replace('netns c2', 'netns c1'),
    cable(2).replace(':02 ', ':03 '),
  ],
  'host2$ ip link add br0 type bridge': ['true', 'ip link add br0 type bridge stp_state 1'],
  'host2$ ip link set veth2 master br0': ['true'],
  'host2$ ip link set veth2 up': ['true'],
  'host2$ ip link set br0 up': ['true'],
  'c2$ ip address add 10.80.0.3/24 dev eth0': ['ip address add 10.80.0.2/24 dev eth0'],
  'c2$ ip link set eth0 up': ['ip link set lo up'],
  [`host$ ${tunnel('203.0.113.2')}`]: [
    tunnel('203.0.113.12'),
    tunnel('203.0.113.2').replace('42', '43'),
    tunnel('203.0.113.2').replace('4789', '8472'),
    tunnel('203.0.113.2').replace(' proxy', ''),
    tunnel('203.0.113.2').replace(' nolearning', ''),
    tunnel('203.0.113.2').replace('nolearning', 'remote 203.0.113.12 nolearning'),
    tunnel('203.0.113.2').replace('nolearning', 'dev eth0 nolearning'),
    tunnel('203.0.113.2').replace('vxlan0', 'vxlan1'),
  ],
  'host$ ip link set vxlan0 master br0': [
    'true',
    'ip link set eth0 master br0',
    'ip link set vxlan0 master br0; bridge link set dev vxlan0 learning off',
  ],
  'host$ ip link set vxlan0 up': ['true'],
  [`host2$ ${tunnel('203.0.113.12')}`]: [
    tunnel('203.0.113.2'),
    tunnel('203.0.113.12').replace('42', '24'),
    `host$ ${tunnel('203.0.113.12').replace('vxlan0', 'vxlan1').replace('42', '43')}`,
  ],
  'host2$ ip link set vxlan0 master br0': ['true'],
  'host2$ ip link set vxlan0 up': ['true', 'ip link set vxlan0 up mtu 1200'],
  [`host$ ${entry(2, '203.0.113.12')}`]: [
    entry(2, '203.0.113.2'),
    entry(1, '203.0.113.12'),
    entry(2, '203.0.113.13'),
    'bridge fdb add 02:00:00:00:00:02 dev vxlan0 master static',
    'bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.12 self permanent',
    `host2$ ${entry(2, '203.0.113.12')}`,
  ],
  [`host2$ ${entry(1, '203.0.113.2')}`]: [
    entry(1, '203.0.113.12'),
    entry(2, '203.0.113.2'),
    `${entry(1, '203.0.113.2')}; bridge fdb append 00:00:00:00:00:00 dev vxlan0 dst 203.0.113.2 self permanent`,
  ],
  [`host$ ${neighbour('10.80.0.3', 2)}`]: [
    neighbour('10.80.0.3', 1),
    neighbour('10.80.0.2', 2),
    neighbour('10.80.0.3', 2).replace('vxlan0', 'br0'),
    `c1$ ${neighbour('10.80.0.3', 2).replace('vxlan0', 'eth0')}`,
    'true',
  ],
  [`host2$ ${neighbour('10.80.0.2', 1)}`]: [
    neighbour('10.80.0.2', 2),
    neighbour('10.80.0.20', 1),
    'true',
  ],
  'c1$ ip link set eth0 mtu 1450': [
    'ip link set eth0 mtu 1500',
    'ip link set eth0 mtu 1400',
    'host$ ip link set vxlan0 mtu 1450',
    'host$ ip link set eth0 mtu 1450',
  ],
  'c2$ ip link set eth0 mtu 1450': ['true', 'ip link set eth0 mtu 1451'],
} satisfies Record<string, readonly string[]>

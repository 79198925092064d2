// Lists plausible wrong variants of each command of bridge: the workshop must never accept one that a later check would refuse.
const cable = (number: number) =>
  `host$ ip link add veth${number} type veth peer name eth0 address 02:00:00:00:00:0${number} netns ns${number}`

export default {
  'host$ ip netns add ns1': ['ip netns add ns4'],
  [cable(1)]: [
    'ip link add veth1 type veth peer name eth0 netns ns1',
    'ip link add veth1 address 02:00:00:00:00:01 type veth peer name eth0 netns ns1',
    'ip link add veth1 type veth peer name eth0 address 02:00:00:00:00:02 netns ns1',
    'ip link add veth1 type veth peer name veth0 address 02:00:00:00:00:01 netns ns1',
  ],
  'host$ ip link set veth1 up': ['ip link set veth1 up arp off', 'ip link set lo up'],
  'ns1$ ip address add 172.18.0.2/24 dev eth0': [
    'ip address add 172.18.0.2/32 dev eth0',
    'ip address add 172.18.0.4/24 dev eth0',
    'host$ ip address add 172.18.0.2/24 dev veth1',
  ],
  'ns1$ ip link set eth0 up': ['true', 'ip link set lo up'],
  'host$ ip netns add ns2': ['true'],
  [cable(2)]: [
    'ip link add veth2 type veth peer name eth0 netns ns2',
    'ip link add veth2 type veth peer name eth0 address 02:00:00:00:00:02 netns ns1',
  ],
  'host$ ip link set veth2 up': ['ip link set veth2 up mtu 1400'],
  'ns2$ ip address add 172.18.0.3/24 dev eth0': ['ip address add 172.18.0.2/24 dev eth0'],
  'ns2$ ip link set eth0 up': ['ip link set eth0 up; ip address add 172.18.0.2/24 dev eth0'],
  'host$ ip netns add ns3': ['true'],
  [cable(3)]: [
    'ip link add veth3 type veth peer name eth0 address 02:00:00:00:00:30 netns ns3',
    'ip link add veth3 type veth peer name eth0 netns ns3',
  ],
  'host$ ip link set veth3 up': ['true'],
  'ns3$ ip address add 172.18.0.4/24 dev eth0': [
    'ip address add 172.18.0.4/24 dev lo',
    'ip address add 172.18.0.40/24 dev eth0',
  ],
  'ns3$ ip link set eth0 up': ['true', 'ip link set eth0 up promisc on'],
  'host$ ip link add br0 type bridge': [
    'ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0',
    'ip link add br0 type dummy',
    'ip link add br1 type bridge',
    'ip link add br0 type bridge stp_state 1',
    'ip link add br0 type bridge ageing_time 0',
    'ip link add br0 type bridge; ip link set br0 up',
  ],
  'host$ ip link set veth1 master br0': [
    'true',
    'ip link set veth1 master br0; bridge link set dev veth1 isolated on',
    'ip link set veth1 master br0; bridge link set dev veth1 learning off',
  ],
  'host$ ip link set veth2 master br0': ['ip link set veth2 up', 'ip link set eth0 master br0'],
  'host$ ip link set veth3 master br0': [
    'ip link set veth3 master br0; bridge link set dev veth3 flood off',
    'ip link set veth3 nomaster',
  ],
  'host$ ip link set br0 up': [
    'true',
    'ip link set br0 up; ip address add 172.18.0.1/24 dev br0',
    'ip link set br0 up; ip address add 172.18.0.3/24 dev br0',
    'ip link set br0 up; ip link set eth0 master br0',
  ],
  'host$ bridge link set dev veth2 learning off': [
    'bridge link set dev veth3 learning off',
    'bridge link set dev veth2 flood off',
    'for i in 1 2 3; do bridge link set dev veth$i learning off; done',
    'ip link set br0 type bridge ageing_time 0',
  ],
  'host$ ip link set br0 type bridge fdb_flush': [
    'true',
    'ip link set br0 type bridge ageing_time 0',
    'ip netns exec ns2 ping -c 1 -W 0.5 172.18.0.2',
  ],
  'host$ bridge link set dev veth2 learning on': [
    'bridge link set dev veth1 learning on',
    'bridge fdb add 02:00:00:00:00:02 dev veth2 master static',
    'bridge fdb add 02:00:00:00:00:02 dev veth3 master static; bridge link set dev veth2 learning on',
  ],
  'host$ ip link set eth0 master br0': [
    'ip link set eth0 down',
    'ip link set br0 master eth0',
    'ip link set eth0 master br0; ip address flush dev eth0; ip address add 203.0.113.2/24 dev br0',
  ],
  'host$ ip neighbour flush dev eth0': ['true', 'ip neighbour flush dev br0'],
  'host$ ip address flush dev eth0': [
    'true',
    'ip address del 203.0.113.2/24 dev eth0; ip link set eth0 nomaster',
  ],
  'host$ ip address add 203.0.113.2/24 dev br0': [
    'ip address add 203.0.113.2/24 dev eth0',
    'ip address add 203.0.113.2 dev br0',
    'ip address add 203.0.113.3/24 dev br0',
    'ip address add 203.0.113.2/24 dev br0; ip route add default via 203.0.113.1',
  ],
  'ns1$ ip address add 203.0.113.3/24 dev eth0': [
    'ip address add 203.0.113.2/24 dev eth0',
    'ip address add 203.0.113.3/32 dev eth0',
    'ip address flush dev eth0; ip address add 203.0.113.3/24 dev eth0',
  ],
} satisfies Record<string, readonly string[]>

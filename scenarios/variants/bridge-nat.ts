// Lists plausible wrong variants of each command of bridge-nat: the workshop must never accept one that a later check would refuse.
const to = '-j DNAT --to-destination 172.18.0.2:80'
const local = '-m addrtype --dst-type LOCAL'
const server = '-p tcp -m tcp --dport 80'

export default {
  'host$ ip link add br0 type bridge': [
    'ip link add br0 type bridge; ip address add 172.18.0.1/24 dev br0',
  ],
  'host$ ip netns add ns1': ['true'],
  'host$ ip link add veth1 type veth peer name eth0 netns ns1': [
    'ip link add veth1 type veth peer name veth0 netns ns1',
  ],
  'host$ ip link set veth1 master br0': [
    'true',
    'ip link set veth1 master br0; bridge link set dev veth1 isolated on',
  ],
  'host$ ip link set veth1 up': ['true'],
  'host$ ip netns add ns2': ['true'],
  'host$ ip link add veth2 type veth peer name eth0 netns ns2': [
    'ip link add veth2 type veth peer name eth0 netns ns1',
  ],
  'host$ ip link set veth2 master br0': [
    'ip link set eth0 master br0; ip link set veth2 master br0',
  ],
  'host$ ip link set veth2 up': ['true'],
  'host$ ip link set br0 up': ['true', 'ip link set br0 up; iptables -P FORWARD DROP'],
  'ns1$ ip address add 172.18.0.2/24 dev eth0': ['ip address add 172.18.0.3/24 dev eth0'],
  'ns1$ ip link set eth0 up': ['true'],
  'ns2$ ip address add 172.18.0.3/24 dev eth0': [
    'ip address add 172.18.0.2/24 dev eth0',
    'ip address add 172.18.0.3/24 dev eth0; ip address add 172.18.0.2/24 dev eth0',
  ],
  'ns2$ ip link set eth0 up': ['ip link set eth0 up; ip route add default dev eth0'],
  'host$ ip address add 172.18.0.1/24 dev br0': [
    'ip address add 172.18.0.1/32 dev br0',
    'ip address add 172.18.0.2/24 dev br0',
    'ip address add 172.18.0.1/24 dev br0; ip -n ns1 route add default via 172.18.0.1',
  ],
  'ns1$ ip route add default via 172.18.0.1': [
    'ip route add default dev eth0',
    'ip route add default via 172.18.0.3',
  ],
  'ns2$ ip route add default via 172.18.0.1': ['ip route add default via 172.18.0.2', 'true'],
  'host$ sysctl -w net.ipv4.conf.all.forwarding=1': [
    'true',
    'sysctl -w net.ipv4.conf.all.forwarding=1; iptables -t nat -A POSTROUTING -j MASQUERADE',
  ],
  'host$ iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE': [
    'iptables -t nat -A POSTROUTING -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.2 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
  ],
  [`host$ iptables -t nat -A PREROUTING ${server} ${local} ${to}`]: [
    `iptables -t nat -A PREROUTING ${server} ${to}`,
    `iptables -t nat -A PREROUTING -i br0 ${server} ${local} ${to}`,
    `iptables -t nat -A PREROUTING ${server} ${local} -j DNAT --to-destination 172.18.0.3:80`,
    `iptables -t nat -A PREROUTING ${server} ${local} ${to}; iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE`,
    `iptables -t nat -A PREROUTING ${server} ${to}; iptables -t nat -A PREROUTING ${server} ${local} ${to}`,
    'nft "add table ip mine; add chain ip mine in { type nat hook prerouting priority -100; }; add rule ip mine in tcp dport 80 dnat to 172.18.0.2:80"',
    'nft "add table ip mine; add chain ip mine in { type nat hook prerouting priority -100; }; add rule ip mine in fib daddr type local tcp dport 80 dnat to 172.18.0.2:80"',
    'ns1$ iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
  ],
} satisfies Record<string, readonly string[]>

// Lists plausible wrong variants of each command of masquerade: the workshop must never accept one that a later check would refuse.
export default {
  'host$ ip netns add ns1': ['ip netns add ns2'],
  'host$ ip link add veth0 type veth peer name veth1 netns ns1': [
    'ip link add veth1 type veth peer name veth0 netns ns1',
  ],
  'host$ ip link add br0 type bridge': [
    'ip link add br0 type bridge; ip address add 172.18.0.1/24 dev br0',
  ],
  'host$ ip link set veth0 master br0 up': ['ip link set veth0 up', 'ip link set veth0 master br0'],
  'ns1$ ip address add 172.18.0.2/24 dev veth1': [
    'ip address add 172.18.0.2/8 dev veth1',
    'ip address add 172.18.0.1/24 dev veth1',
  ],
  'ns1$ ip link set veth1 up': [
    'true',
    'ip link set veth1 up; ip route add default via 172.18.0.1 onlink dev veth1',
    'ip link set veth1 up; ip route add default dev veth1',
  ],
  'host$ ip address add 172.18.0.1/24 dev br0': [
    'ip address add 172.18.0.1 dev br0',
    'ip address add 172.18.0.1/24 dev eth0',
    'ip address add 172.18.0.1/24 dev br0; sysctl -qw net.ipv4.ip_forward=1',
    'ip address add 172.18.0.2/24 dev br0',
    'ip address add 172.18.0.1/24 dev br0; ip address add 172.18.0.2/24 dev br0',
  ],
  'host$ ip link set br0 up': [
    'true',
    'ip link set br0 up; sysctl -qw net.ipv4.conf.br0.forwarding=1',
  ],
  'ns1$ ip route add default via 172.18.0.1': [
    'ip route add default dev veth1',
    'ip route add default via 172.18.0.254',
    'ip route add 198.51.100.0/24 via 172.18.0.1',
    'host$ ip route replace default via 172.18.0.1',
  ],
  'host$ sysctl -w net.ipv4.conf.all.forwarding=1': [
    'sysctl -w net.ipv4.conf.br0.forwarding=1',
    'sysctl -w net.ipv6.conf.all.forwarding=1',
    'sysctl -w net.ipv4.conf.all.forwarding=1; iptables -t nat -A POSTROUTING -j MASQUERADE',
    'sysctl -w net.ipv4.conf.all.forwarding=1; ip -n outside route add 172.18.0.0/24 via 203.0.113.2',
    'sysctl -w net.ipv4.conf.all.forwarding=1; iptables -P FORWARD DROP',
    'ns1$ sysctl -w net.ipv4.conf.all.forwarding=1',
  ],
  'host$ iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE': [
    'iptables -t nat -A POSTROUTING -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -d 172.18.0.0/24 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/16 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING ! -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -p icmp -o eth0 -j MASQUERADE',
    'iptables -A FORWARD -s 172.18.0.0/24 -o eth0 -j ACCEPT',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j SNAT --to-source 203.0.113.1',
    'iptables -t nat -A POSTROUTING -j ACCEPT; iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    'for i in 1 2; do iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE; done',
    'ip -n outside route add 172.18.0.0/24 via 203.0.113.2',
    'nft "add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out ip saddr 172.18.0.0/24 oifname eth0 masquerade"',
    'nft "add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out oifname eth0 masquerade"',
  ],
} satisfies Record<string, readonly string[]>

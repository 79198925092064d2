// Lists plausible wrong variants of each command of routes-between-hosts: the workshop must never accept one that a later check would refuse.
const rule = 'nft add rule bridge cloud forward ip saddr 10.0.0.0/8 drop'
const chain =
  'add table bridge cloud; add chain bridge cloud forward { type filter hook forward priority 0; }'

export default {
  'host$ ip netns add c1': ['ip netns add c3'],
  'host$ ip link add veth1 type veth peer name eth0 netns c1': [
    'ip link add veth1 type veth peer name veth0 netns c1',
    'ip link add veth0 type veth peer name eth0 netns c1',
    'ip link add veth1 type veth peer name eth0 netns c1; ip link set veth1 mtu 1400',
  ],
  'host$ ip address add 10.1.0.1/24 dev veth1': [
    'ip address add 10.1.0.1 dev veth1',
    'ip address add 10.1.0.1/24 dev eth0',
    'ip address add 10.1.0.1/8 dev veth1',
  ],
  'host$ ip link set veth1 up': ['true', 'ip link set veth1 up arp off'],
  'c1$ ip address add 10.1.0.2/24 dev eth0': [
    'ip address add 10.1.0.2/8 dev eth0',
    'ip address add 10.2.0.2/24 dev eth0',
    'host$ ip address add 10.1.0.2/24 dev veth1',
  ],
  'c1$ ip link set eth0 up': [
    'ip link set lo up',
    'ip link set eth0 up; ip route add default via 10.1.0.1',
  ],
  'host2$ ip netns add c2': ['true'],
  'host2$ ip link add veth2 type veth peer name eth0 netns c2': [
    'host$ ip link add veth2 type veth peer name eth0 netns c2',
    'ip link add veth2 type veth peer name eth0 netns c1',
  ],
  'host2$ ip address add 10.2.0.1/24 dev veth2': [
    'ip address add 10.1.0.1/24 dev veth2',
    'host$ ip address add 10.2.0.1/24 dev veth1',
  ],
  'host2$ ip link set veth2 up': ['true'],
  'c2$ ip address add 10.2.0.2/24 dev eth0': [
    'ip address add 10.2.0.3/24 dev eth0',
    'ip address add 10.2.0.2/16 dev eth0',
  ],
  'c2$ ip link set eth0 up': ['true', 'ip link set eth0 up; ip link set eth0 mtu 1280'],
  'c1$ ip route add default via 10.1.0.1': [
    'ip route add 10.2.0.0/24 via 10.1.0.1',
    'ip route add default dev eth0',
    'ip route add default via 10.1.0.2',
  ],
  'host$ sysctl -w net.ipv4.conf.all.forwarding=1': [
    'true',
    'sysctl -w net.ipv4.conf.eth0.forwarding=1',
    'host2$ sysctl -w net.ipv4.conf.all.forwarding=1',
    'sysctl -w net.ipv4.conf.all.forwarding=1; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
  ],
  'c2$ ip route add default via 10.2.0.1': [
    'ip route add default via 10.2.0.1 dev eth0 onlink mtu 1000',
    'ip route add 10.1.0.0/24 via 10.2.0.1',
  ],
  'host2$ sysctl -w net.ipv4.conf.all.forwarding=1': [
    'true',
    'host$ sysctl -w net.ipv4.conf.all.forwarding=1',
  ],
  'host$ ip route add 10.2.0.0/24 via 203.0.113.12': [
    'ip route add 10.2.0.0/24 via 203.0.113.1',
    'ip route add 10.2.0.0/24 dev eth0',
    'ip route add 10.2.0.0/16 via 203.0.113.12',
    'ip route add 10.2.0.2 via 203.0.113.12',
    'ip route replace default via 203.0.113.12',
    'host2$ ip route add 10.2.0.0/24 via 203.0.113.2',
  ],
  'host2$ ip route add 10.1.0.0/24 via 203.0.113.2': [
    'ip route add 10.1.0.0/24 via 203.0.113.1',
    'ip route add 10.1.0.0/24 dev eth0',
    'ip route add 10.0.0.0/8 via 203.0.113.2',
    'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
  ],
  [`switch$ nft '${chain}'`]: [
    "nft 'add table bridge cloud; add chain bridge cloud forward { type filter hook input priority 0; }'",
    "nft 'add table bridge cloud; add chain bridge cloud forward { type filter hook forward priority 0; policy drop; }'",
  ],
  [`switch$ ${rule}`]: [
    'nft add rule bridge cloud forward ip saddr 203.0.113.0/24 drop',
    'nft add rule bridge cloud forward ip saddr 10.0.0.0/8 accept',
    'nft add rule bridge cloud forward drop',
    `host$ ${rule}`,
  ],
  'switch$ nft delete table bridge cloud': [
    'true',
    'nft flush chain bridge cloud forward; nft add rule bridge cloud forward ip saddr 10.1.0.0/16 drop',
  ],
} satisfies Record<string, readonly string[]>

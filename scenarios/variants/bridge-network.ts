// Lists plausible wrong variants of the commands of bridge-network that a learner can type: those for the LAN beside the host.
// All other changes of this scenario are calls of the library, which nobody types.
export default {
  'host$ ip netns add lan': ['ip netns add lan0', 'true'],
  'host$ ip link add lan0 type veth peer name eth0 netns lan': [
    'ip link add lan0 type veth peer name eth1 netns lan',
    'ip link add lan0 type veth peer name eth0 netns lan; ip link set lan0 master nd-testbridge',
  ],
  'host$ ip address add 198.18.0.1/24 dev lan0': [
    'ip address add 198.18.0.1 dev lan0',
    'ip address add 198.18.0.1/24 dev eth0',
    'ip address add 198.18.0.2/24 dev lan0',
    'ip address add 198.18.0.1/24 dev lan0; iptables -t nat -A POSTROUTING -s 198.18.0.0/24 -j MASQUERADE',
  ],
  'host$ ip link set lan0 up': [
    'true',
    'ip link set lan0 up; nft add rule inet netdojo forward accept',
    'ip link set lan0 up; nft flush ruleset',
    'ip link set lan0 up; nft delete table inet netdojo',
    'ip link set lan0 up; sysctl -qw net.ipv4.conf.all.forwarding=0',
    'ip link set lan0 up; ip link set nd-testbridge down',
    'ip link set lan0 up; ip address del 192.168.0.1/24 dev nd-testbridge',
  ],
  'lan$ ip address add 198.18.0.2/24 dev eth0': [
    'ip address add 198.18.0.2 dev eth0',
    'ip address add 198.18.0.1/24 dev eth0',
    'ip address add 192.168.0.9/24 dev eth0',
  ],
  'lan$ ip link set eth0 up': ['true', 'ip link set lo up'],
  'lan$ ip route add default via 198.18.0.1': [
    'ip route add default dev eth0',
    'ip route add 203.0.113.0/24 via 198.18.0.1',
    'ip route add 198.51.100.0/24 via 198.18.0.1',
  ],
  'outside$ ip route add 198.18.0.0/24 via 203.0.113.2': [
    'true',
    'ip route add 198.18.0.2 via 203.0.113.2',
    'ip route add 198.18.0.0/24 dev wan',
    'ip route add 198.18.0.0/24 via 203.0.113.2; ip route add 192.168.0.0/24 via 203.0.113.2',
  ],
} satisfies Record<string, readonly string[]>

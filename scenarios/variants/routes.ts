// Lists plausible wrong variants of each command of routes: the workshop must never accept one that a later check would refuse.
export default {
  'host$ ip netns add ns1': ['ip netns add ns2'],
  'host$ ip link add veth0 type veth peer name veth1 netns ns1': [
    'ip link add veth0 type veth peer name eth0 netns ns1',
    'ip link add veth0 type veth peer name veth1',
  ],
  'host$ ip link add br0 type bridge': [
    'ip link add br0 type bridge; ip address add 172.18.0.1/24 dev br0',
    'ip link add br0 type dummy',
  ],
  'host$ ip link set veth0 master br0': ['true', 'ip address add 172.18.0.1/24 dev veth0'],
  'host$ ip link set veth0 up': ['true'],
  'host$ ip link set br0 up': [
    'true',
    'ip link set br0 up; ip address add 172.18.0.1/24 dev br0',
    'ip link set br0 up; ip route add 172.18.0.0/24 dev br0',
    'ip link set br0 up; sysctl -qw net.ipv4.conf.all.arp_ignore=1',
  ],
  'ns1$ ip address add 172.18.0.2/24 dev veth1': [
    'ip address add 172.18.0.2/16 dev veth1',
    'ip address add 172.18.0.2 dev veth1',
    'ip address add 203.0.113.9/24 dev veth1',
    'ip address add 172.18.0.2/24 dev veth1; ip address add 203.0.113.9/24 dev veth1',
  ],
  'ns1$ ip link set veth1 up': [
    'ip link set lo up',
    'ip link set veth1 up; ip route add default dev veth1',
  ],
  'ns1$ ip route add default dev veth1': [
    'ip route add 203.0.113.0/24 dev veth1',
    'ip route add default via 172.18.0.1',
    'ip route add default dev lo',
    'host$ ip route add 172.18.0.0/24 dev br0; ip -n ns1 route add default dev veth1',
  ],
  'host$ ip route add 172.18.0.0/24 dev br0': [
    'ip address add 172.18.0.1/24 dev br0',
    'ip route add 172.18.0.2 dev br0',
    'ip route add 172.18.0.0/16 dev br0',
    'ip route add 172.18.0.0/24 via 203.0.113.1',
    'ip route add 172.18.0.0/24 dev veth0',
    'ip route replace default dev br0',
  ],
  'host$ ip route add unreachable 172.18.0.2/32': [
    'ip route add blackhole 172.18.0.2/32',
    'ip route add unreachable 172.18.0.0/24 metric 1',
    'ip route del 172.18.0.0/24',
    'ip route replace unreachable 172.18.0.0/24',
  ],
  'host$ ip route del unreachable 172.18.0.2/32': [
    'true',
    'ip route del 172.18.0.0/24',
    'ip route del unreachable 172.18.0.2/32; ip route del 172.18.0.0/24',
    'ip route replace 172.18.0.2/32 dev br0',
  ],
} satisfies Record<string, readonly string[]>

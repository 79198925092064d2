// Lists plausible wrong variants of each command of dnat: the workshop must never accept one that a later check would refuse.
const to = '-j DNAT --to-destination 172.18.0.2:80'
const local = '-m addrtype --dst-type LOCAL'
const server = '-p tcp -m tcp --dport 80'

export default {
  'host$ ip netns add ns1': ['ip netns add ns2'],
  'host$ ip link add veth0 type veth peer name veth1 netns ns1': [
    'ip link add veth0 type veth peer name eth0 netns ns1',
  ],
  'host$ ip link add br0 type bridge': ['ip link add br0 type dummy'],
  'host$ ip link set veth0 master br0 up': ['ip link set veth0 up', 'ip link set veth0 master br0'],
  'host$ ip address add 172.18.0.1/24 dev br0': [
    'ip address add 172.18.0.1/16 dev br0',
    'ip address add 172.18.0.254/24 dev br0',
  ],
  'host$ ip link set br0 up': [
    'true',
    `ip link set br0 up; iptables -t nat -A PREROUTING ${server} ${to}`,
    'ip link set br0 up; setsid serve 80 >/dev/null 2>&1 </dev/null & sleep 1',
  ],
  'ns1$ ip address add 172.18.0.2/24 dev veth1': ['ip address add 172.18.0.3/24 dev veth1'],
  'ns1$ ip link set veth1 up': ['true'],
  'ns1$ ip route add default via 172.18.0.1': [
    'true',
    'ip route add default dev veth1',
    'ip route add 203.0.113.0/24 via 172.18.0.1',
  ],
  'host$ sysctl -w net.ipv4.conf.all.forwarding=1': [
    'true',
    'sysctl -w net.ipv4.conf.eth0.forwarding=1',
    'sysctl -w net.ipv4.conf.all.forwarding=1; sysctl -w net.ipv4.conf.br0.route_localnet=1',
    'sysctl -w net.ipv4.conf.all.forwarding=1; sysctl -w net.ipv4.conf.all.rp_filter=1',
  ],
  [`host$ iptables -t nat -A PREROUTING ${server} ${to}`]: [
    `iptables -t nat -A PREROUTING ${server} ${local} ${to}`,
    `iptables -t nat -A PREROUTING -p udp -m udp --dport 80 ${to}`,
    `iptables -t nat -A PREROUTING -p tcp -m tcp --sport 80 ${to}`,
    `iptables -t nat -A PREROUTING -p tcp -m tcp --dport 8080 ${to}`,
    `iptables -t nat -A PREROUTING ${server} -j DNAT --to-destination 172.18.0.2:8080`,
    `iptables -t nat -A PREROUTING ${server} -j DNAT --to-destination 172.18.0.1:80`,
    `iptables -t nat -A PREROUTING -i eth0 ${server} ${to}`,
    `iptables -t nat -A OUTPUT ${server} ${to}`,
    `iptables -t nat -A PREROUTING -d 203.0.113.2 ${server} ${to}`,
    `iptables -t nat -A PREROUTING ${server} ${to}; iptables -t nat -A POSTROUTING -j MASQUERADE`,
    `iptables -t nat -A PREROUTING ${server} ${to}; iptables -t nat -A OUTPUT ${server} ${to}`,
    `for i in 1 2; do iptables -t nat -A PREROUTING ${server} ${to}; done`,
    `iptables -t nat -A PREROUTING ${server} -j REDIRECT`,
  ],
  'host$ ip netns add ns2': ['ip netns add ns3'],
  'host$ ip link add veth2 type veth peer name eth0 netns ns2': [
    'ip link add veth2 type veth peer name veth3 netns ns2',
  ],
  'host$ ip address add 172.19.0.1/24 dev veth2': [
    'ip address add 172.19.0.1/24 dev br0',
    'ip address add 172.18.0.9/24 dev veth2',
  ],
  'host$ ip link set veth2 up': ['ip link set veth2 master br0 up', 'true'],
  'ns2$ ip address add 172.19.0.2/24 dev eth0': ['ip address add 172.18.0.2/24 dev eth0'],
  'ns2$ ip link set eth0 up': ['true'],
  'ns2$ ip route add default via 172.19.0.1': ['ip route add default dev eth0'],
  'host$ iptables -t nat -A POSTROUTING -s 172.19.0.0/24 -o eth0 -j MASQUERADE': [
    'iptables -t nat -A POSTROUTING -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.16.0.0/12 -o eth0 -j MASQUERADE',
  ],
  [`host$ iptables -t nat -R PREROUTING 1 ${server} ${local} ${to}`]: [
    `iptables -t nat -A PREROUTING ${server} ${local} ${to}`,
    `iptables -t nat -I PREROUTING ${server} ${local} ${to}`,
    'iptables -t nat -D PREROUTING 1',
    `iptables -t nat -R PREROUTING 1 -i eth0 ${server} ${to}`,
    `iptables -t nat -R PREROUTING 1 -d 203.0.113.2 ${server} ${to}`,
    `iptables -t nat -R PREROUTING 1 ${server} -m addrtype --src-type LOCAL ${to}`,
    `iptables -t nat -R PREROUTING 1 ${server} -m addrtype ! --dst-type LOCAL ${to}`,
  ],
  [`host$ iptables -t nat -A OUTPUT ${server} ${local} ${to}`]: [
    `iptables -t nat -A OUTPUT ${server} ${to}`,
    `iptables -t nat -A OUTPUT -d 203.0.113.2 ${server} ${to}`,
    `iptables -t nat -A INPUT ${server} -j SNAT --to-source 172.18.0.1`,
    `iptables -t nat -A OUTPUT ${server} ${local} ${to}; iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE`,
    `iptables -t nat -A OUTPUT ${server} ${local} ${to}; sysctl -qw net.ipv4.conf.br0.route_localnet=1`,
  ],
  'host$ sysctl -w net.ipv4.conf.br0.route_localnet=1': [
    'sysctl -w net.ipv4.conf.all.route_localnet=1',
    'sysctl -w net.ipv4.conf.eth0.route_localnet=1',
    'true',
  ],
  'host$ iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o br0 -j MASQUERADE': [
    'iptables -t nat -A POSTROUTING -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 127.0.0.1 -o br0 -j SNAT --to-source 203.0.113.2',
  ],
} satisfies Record<string, readonly string[]>

// Lists plausible wrong variants of each command of veth-pair: the workshop must never accept one that a later check would refuse.
export default {
  'host$ ip netns add ns1': [
    'ip netns add ns0',
    'ip netns add ns1; ip -n ns1 link set lo up',
    'ip netns add ns1; ip -n ns1 address add 127.0.0.1/8 dev lo',
  ],
  'host$ ip netns add ns2': ['ip netns add ns3', 'ip link add ns2 type dummy'],
  'host$ ip link add veth0 type veth peer name veth1': [
    'ip link add veth0 type veth',
    'ip link add veth0 type dummy; ip link add veth1 type dummy',
    'ip link add veth0 type veth peer name veth1 mtu 1000',
  ],
  'host$ ip link set veth0 netns ns1': [
    'ip link set veth0 netns ns2',
    'ip link set veth0 up',
    'ip link set veth0 netns ns1; ip -n ns1 address add 172.18.0.2/24 dev veth0; ip -n ns1 link set veth0 up',
    'ip link set veth0 netns ns1; ip -n ns1 link set veth0 name eth0',
  ],
  'host$ ip link set veth1 netns ns2': ['ip link set veth1 netns ns1', 'true'],
  'ns1$ ip address add 172.18.0.2/24 dev veth0': [
    'ip address add 172.18.0.2 dev veth0',
    'ip address add 172.18.0.2/16 dev veth0',
    'ip address add 172.18.0.3/24 dev veth0',
    'ip address add 172.18.0.2/24 dev lo',
    'ip address add 172.18.0.2/24 dev veth0; ip address add 172.18.0.3/24 dev veth0',
    'ip address add 172.18.0.2/24 dev veth0; ip route add default dev veth0',
    'ip address add 172.18.0.2/24 dev veth0; ip link set veth0 up; ip route add default dev veth0',
  ],
  'ns1$ ip link set veth0 up': ['ip link set lo up', 'ip link set veth0 up arp off'],
  'ns2$ ip address add 172.18.0.3/24 dev veth1': [
    'ip address add 172.18.0.2/24 dev veth1',
    'ip address add 172.18.0.3/32 dev veth1',
    'ip address add 172.18.0.3/24 dev veth1; ip address add 192.0.2.2/24 dev veth1',
  ],
  'ns2$ ip link set veth1 up': [
    'true',
    'ip link set veth1 up; ip route del 172.18.0.0/24',
    'ip link set veth1 up; ip route replace default via 172.18.0.2',
  ],
  'ns1$ ip address add 192.0.2.1/32 dev lo': [
    'ip address add 192.0.2.1/24 dev lo',
    'ip address add 192.0.2.1/32 dev veth0',
    'ip address add 192.0.2.2/32 dev lo',
  ],
  'ns2$ ip address add 192.0.2.2/32 dev lo': [
    'ip address add 192.0.2.1/32 dev lo',
    'ip address add 192.0.2.2/32 dev lo; ip route add default dev veth1',
  ],
  'ns1$ ip route add default dev veth0': [
    'ip route add default via 172.18.0.3',
    'ip route add 192.0.2.2 dev veth0',
    'ip route add default dev lo',
    'ip route add unreachable default',
  ],
  'ns2$ ip route add default dev veth1': [
    'ip route add default via 172.18.0.1 dev veth1',
    'ip route add 192.0.2.0/24 dev lo',
  ],
} satisfies Record<string, readonly string[]>

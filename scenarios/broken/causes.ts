// Lists the causes that a learner can choose from, each with the command that shows whether it is the case.
import type { Cause } from '../../lib/fix/index.ts'

const causes = {
  'forwarding-off': [
    'The host does not forward packets from one interface to another.',
    'sysctl net.ipv4.conf.all.forwarding net.ipv4.conf.br0.forwarding',
  ],
  'no-masquerade': [
    'Packets leave with their private source address: no rule translates it.',
    'iptables -t nat -vnL POSTROUTING',
  ],
  'masquerade-wrong-interface': [
    'The rule that translates source addresses names the wrong interface.',
    'iptables -t nat -vnL POSTROUTING',
  ],
  'dnat-without-local': [
    'The rule of a published port also matches packets that are not for the host.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'dnat-wrong-address': [
    'The published port leads to an address that no machine has.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'no-published-port': [
    'No DNAT rule leads from the port of the host to the namespace.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'no-default-route': ['ns1 has no default route.', 'ip -n ns1 route'],
  'default-route-wrong-device': [
    'The default route of the host has the wrong next hop.',
    'ip route get 198.51.100.1',
  ],
  'wrong-prefix': [
    'The prefix length of an address is wrong, so other networks seem to be directly reachable.',
    'ip -n ns1 route get 172.19.0.2',
  ],
  'duplicate-address': [
    'Two namespaces have the same address.',
    'ip -n ns1 -brief address; ip -n ns2 -brief address; ip neigh show dev br0',
  ],
  'bridge-port': ['One end of a cable is not attached to its bridge.', 'bridge link'],
  'bridge-down': ['A bridge is down.', 'ip -brief link show type bridge'],
  'forward-drop': [
    'The firewall of the host drops packets that it should forward.',
    'iptables -vnL FORWARD',
  ],
  'rp-filter': [
    "The answers arrive on one interface, but the host's route back uses another, so the host drops them.",
    'nstat -az TcpExtIPReversePathFilter; sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter',
  ],
  'no-hairpin': [
    'The answer goes straight to the client. It bypasses the host, which would have restored its address.',
    'iptables -t nat -vnL POSTROUTING',
  ],
  'stale-conntrack': [
    'An old entry of connection tracking still uses the old destination.',
    'conntrack -L -p udp',
  ],
  'mtu-mismatch': [
    'The two ends of a cable have different MTUs (the largest packet size).',
    'ip link show veth1; ip -n ns1 link show eth0',
  ],
  'no-route-back': [
    'The host has no route back to the network behind ns2.',
    'ip route get 172.20.0.2',
  ],
  'tunnel-number': [
    'The tunnels of two machines have different numbers (VNI), so one machine ignores the packets of the other.',
    'ip -d link show vxlan0; nsenter --net=/run/netns/host2 ip -d link show vxlan0',
  ],
  'tunnel-port': [
    'A firewall drops the UDP packets of the tunnels.',
    'nsenter --net=/run/netns/host2 iptables -vnL INPUT',
  ],
  'stale-entry': [
    'A forwarding entry of a tunnel names a machine where the container is no longer.',
    'bridge fdb show dev vxlan0',
  ],
  'tunnel-mtu': [
    'The outer packets are larger than a wire between the machines carries.',
    'ip -n switch link show; ip -n c1 link show eth0',
  ],
  'no-server': ['No program listens on that port.', 'ip netns exec ns1 ss -tulnp'],
} as const satisfies Record<string, readonly [statement: string, look: string]>

export function cause(name: keyof typeof causes): Cause {
  const [statement, look] = causes[name]
  return { name, statement, look }
}

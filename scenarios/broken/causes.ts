// What can be wrong, in the words of the diagnosis, each with the command that shows whether it is.
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
    'The rule that translates source addresses is for the wrong interface.',
    'iptables -t nat -vnL POSTROUTING',
  ],
  'dnat-without-local': [
    'A published port takes packets that are not meant for the host.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'dnat-wrong-address': [
    'The published port leads to an address that nobody has.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'no-published-port': [
    'No rule leads from the port of the host to the namespace.',
    'iptables -t nat -vnL PREROUTING',
  ],
  'no-default-route': ['ns1 has no default route.', 'ip -n ns1 route'],
  'default-route-wrong-device': [
    'The default route of the host leads to the wrong neighbour.',
    'ip route get 198.51.100.1',
  ],
  'wrong-prefix': [
    'The prefix length of an address is wrong, so others seem to be on the same wire.',
    'ip -n ns1 route get 172.19.0.2',
  ],
  'duplicate-address': [
    'Two namespaces have the same address.',
    'ip -n ns1 -brief address; ip -n ns2 -brief address; ip neigh show dev br0',
  ],
  'bridge-port': ["A cable's end is not plugged into its bridge.", 'bridge link'],
  'bridge-down': ['A bridge is down.', 'ip -brief link show type bridge'],
  'forward-drop': [
    'The firewall of the host drops what it should pass on.',
    'iptables -vnL FORWARD',
  ],
  'rp-filter': [
    'The answers come in by another interface than the way back leads, and the host drops them.',
    'nstat -az TcpExtIPReversePathFilter; sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.br0.rp_filter',
  ],
  'no-hairpin': [
    'The answer goes straight to the client, past the host that would have translated it back.',
    'iptables -t nat -vnL POSTROUTING',
  ],
  'stale-conntrack': [
    'An old entry of connection tracking still leads to where the rule led before.',
    'conntrack -L -p udp',
  ],
  'mtu-mismatch': [
    'Two ends of a cable have different MTUs.',
    'ip link show veth1; ip -n ns1 link show eth0',
  ],
  'no-route-back': [
    'The host has no route back to the network behind ns2.',
    'ip route get 172.20.0.2',
  ],
  'no-server': ['Nothing listens on that port.', 'ip netns exec ns1 ss -tulnp'],
} as const satisfies Record<string, readonly [statement: string, look: string]>

export function cause(name: keyof typeof causes): Cause {
  const [statement, look] = causes[name]
  return { name, statement, look }
}

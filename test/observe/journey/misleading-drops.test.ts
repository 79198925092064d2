// Faults behind an innocent suspect: what is true of the suspect does not lose the packet, and only the advice for the fault mends it.
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { cleanNetwork } from '../../helpers/segment.ts'

const asks = 'ping -n -c1 -W0.6 172.18.0.3'
const mac = (node: string) => `$(ip netns exec ${node} cat /sys/class/net/eth0/address)`

sandboxSuite('misleading drops', (test, slow) => {
  test('the bridge takes the address of a container for its own', () =>
    checkDrop({
      breaks: `bridge fdb replace ${mac('ns2')} dev veth2 master local`,
      asks,
      reason: 'bridge',
      node: 'host',
      why: /says that .* is an address of host itself \(local, permanent\), and it is that of ns2:eth0/,
    }))

  slow('both ends have one hardware address', () =>
    checkDrop({
      breaks: `ip -n ns2 link set eth0 address ${mac('ns1')}`,
      asks,
      reason: 'wrong-mac',
      node: 'ns2',
      why: /ns1:eth0, ns2:eth0 have the same hardware address/,
    }),
  )

  test('a rule of ebtables keeps the question from the host, and other ports get it', () =>
    checkDrop({
      breaks: 'ebtables -A INPUT -p arp -j DROP',
      asks: 'ping -n -c1 -W0.6 172.18.0.1',
      reason: 'dropped-by-rule',
      node: 'host',
      why: /the question who has 172.18.0.1 was lost: a rule of the family bridge drops it/,
    }))

  slow('a rule of ebtables drops another copy of the question', () =>
    checkDrop({
      breaks: `ebtables -A INPUT -p arp -j DROP; bridge link set dev veth2 bcast_flood off`,
      asks,
      reason: 'bridge',
      node: 'host',
      why: /br0 does not send broadcasts to veth2/,
    }),
  )

  slow('a filter of tc on the way out of a port', () =>
    checkDrop({
      breaks: `tc qdisc add dev veth2 clsact; tc filter add dev veth2 egress bpf da bytecode '1,6 0 0 2'`,
      asks,
      reason: 'queue',
      node: 'host',
      why: /a filter of tc on veth2 dropped \d+ packets/,
    }),
  )

  slow('a filter of tc where the question arrives', () =>
    checkDrop({
      breaks: `ip netns exec ns2 tc qdisc add dev eth0 clsact
        ip netns exec ns2 tc filter add dev eth0 ingress bpf da bytecode '1,6 0 0 2'`,
      asks,
      reason: 'queue',
      node: 'ns2',
      why: /does not answer: a filter of tc on eth0 dropped \d+ packets/,
    }),
  )

  slow('a rule of arptables against the answer', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 arptables -A OUTPUT -j DROP',
      asks,
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /does not answer: a rule of the family arp drops it/,
    }),
  )

  test('a piece of a packet is dropped, and the node waits for it', () =>
    checkDrop({
      breaks: `ip netns exec ns2 iptables -t raw -A PREROUTING -p icmp -m length --length 0:600 -j DROP`,
      asks: 'ping -n -c1 -W0.6 -s 3000 172.18.0.3',
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /it came in pieces, and a piece of it was lost: a rule drops it/,
    }))

  slow('a route takes less than its interface', () =>
    checkDrop({
      breaks: `iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
        ip route replace 203.0.113.0/24 dev eth0 src 203.0.113.2 mtu 1300`,
      asks: 'ping -n -c1 -W0.6 -s 1472 -Mdo 203.0.113.1',
      reason: 'mtu',
      node: 'host',
      why: /it has 1500 bytes, the route to 203.0.113.1 takes 1300 at most/,
      evidence: /mtu 1300; ip link show eth0: mtu 1500/,
      byHand: `ip route replace 203.0.113.0/24 dev eth0 src 203.0.113.2; ip -n ns1 route flush cache`,
    }),
  )

  slow('arp_ignore refuses who is not in the subnet', () =>
    checkDrop({
      breaks: `ip netns exec ns2 sysctl -qw net.ipv4.conf.all.arp_ignore=2
        ip -n ns2 address delete 172.18.0.3/24 dev eth0; ip -n ns2 address add 172.18.0.3/31 dev eth0
        ip -n ns1 address delete 172.18.0.2/24 dev eth0; ip -n ns1 address add 172.18.0.9/24 dev eth0
        ip -n ns2 route add 172.18.0.0/24 dev eth0`,
      asks,
      reason: 'ignored',
      node: 'ns2',
      why: /arp_ignore is 2: eth0 does not answer 172.18.0.9, which is not in the subnet of 172.18.0.3/,
    }),
  )

  slow('the receiver is plugged into another bridge', () =>
    checkDrop({
      breaks: 'ip link add br9 type bridge; ip link set br9 up; ip link set veth2 master br9',
      asks,
      reason: 'bridge',
      node: 'host',
      why: /br0 has no other port: .*host:veth2, the other end of ns2:eth0, is a port of br9/,
      byHand: 'ip link set veth2 master br0; ip -n ns1 neigh flush dev eth0',
    }),
  )

  cleanNetwork()
})

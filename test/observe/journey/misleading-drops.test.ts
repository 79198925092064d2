// Faults behind an innocent suspect: what is true of the suspect does not lose the packet, and only the advice for the fault mends it.
import { join } from 'node:path'
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { cleanNetwork } from '../../helpers/segment.ts'

const talk = join(import.meta.dirname, '../../helpers/talk.pl')
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

  test('a translation to an address that nobody has, and the next router sends it back', () =>
    checkDrop({
      breaks: `iptables -t nat -A PREROUTING -p icmp -d 203.0.113.2 -j DNAT --to-destination 10.99.0.1`,
      from: 'outside',
      asks: 'ping -n -c1 -W0.6 203.0.113.2',
      reason: 'dnat-to-nowhere',
      node: 'host',
      why: /a rule gave it the destination 10.99.0.1, and there is nothing/,
      byHand: 'iptables -t nat -F; conntrack -F',
    }))

  slow('a rule of ip rule that only the answer meets', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 ip rule add tos 0x10 prohibit priority 100',
      asks: 'ping -n -c1 -W0.6 -Q 0x10 172.18.0.3',
      reason: 'prohibited',
      node: 'ns2',
      why: /no answer can leave ns2: a route or a rule says that 172.18.0.2 is prohibited/,
      byHand: 'ip -n ns2 rule delete priority 100',
    }),
  )

  slow('the answer comes into another zone of connection tracking', () =>
    checkDrop({
      breaks: `iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
        iptables -t raw -A PREROUTING -i eth0 -j CT --zone 9`,
      asks: 'ping -n -c1 -W0.6 203.0.113.1',
      reason: 'not-tracked',
      node: 'host',
      why: /a rule puts the answer and the request into different zones/,
      evidence: /CT --zone 9/,
    }),
  )

  slow('a route of the type local takes what is for others', () =>
    checkDrop({
      breaks: `iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
        iptables -t mangle -A PREROUTING -p udp -j MARK --set-mark 1
        ip rule add fwmark 1 lookup 79 priority 100; ip route add local default dev lo table 79
        sysctl -qw net.ipv4.icmp_ratelimit=0
        ip netns exec outside perl ${talk} serve udp 203.0.113.1 7004 x >/run/serves 2>&1 &
        for n in $(seq 100); do grep -q ready /run/serves && break; sleep 0.05; done`,
      asks: `perl ${talk} ask udp 203.0.113.1 7004`,
      reason: 'not-for-it',
      node: 'host',
      why: /a route of the table 79 gives host what is for 203.0.113.1, which it does not have/,
      byHand: 'ip rule delete priority 100',
    }),
  )

  slow('a program that listens on IPv6 only', () =>
    checkDrop({
      breaks: listens(
        'socket S, 10, 1, 6; setsockopt S, 41, 26, 1; bind S, pack "S n x24", 10, 7005',
      ),
      asks: 'curl -s -m1 http://172.18.0.3:7005/',
      reason: 'refused',
      node: 'ns2',
      why: /a program listens on TCP port 7005 of \[::\] \(IPv6\) only/,
      byHand: serves(7005),
    }),
  )

  slow('a program that takes the connection and says nothing', () =>
    checkDrop({
      breaks: listens('socket S, 2, 1, 6; bind S, pack "S n x12", 2, 7006'),
      asks: 'curl -s --http0.9 -m1 http://172.18.0.3:7006/',
      reason: 'no-answer',
      node: 'ns2',
      why: /the connection to TCP port 7006 was made, and the program on ns2 sent no data/,
      byHand: `ip netns exec ns2 iptables -t nat -A PREROUTING -p tcp --dport 7006 -j REDIRECT --to-ports 7007
        ${serves(7007)}`,
    }),
  )

  slow('the second of two bridges keeps the question back, and others got it from the first', () =>
    checkDrop({
      breaks: `ip link add br9 up type bridge; ip link set veth2 master br9
        ip link add up0 up master br0 type veth peer name up9; ip link set up9 up master br9
        ip netns add ns3; ip link add veth3 up master br0 type veth peer name eth0 netns ns3
        ip -n ns3 link set eth0 up; bridge link set dev veth2 bcast_flood off`,
      asks,
      reason: 'bridge',
      node: 'host',
      why: /the question who has 172.18.0.3 was lost: br9 does not send broadcasts to veth2/,
    }),
  )

  slow('a macvlan that is down is not told as its parent', () =>
    checkDrop({
      breaks: `ip link set veth1 nomaster; for n in 1 2; do ip netns add mv$n
        ip link add mv0 link veth1 netns mv$n type macvlan mode bridge
        ip -n mv$n address add 10.5.0.$n/24 dev mv0; ip -n mv$n link set mv0 up; done; ip -n mv2 link set mv0 down`,
      from: 'mv1',
      asks: 'ping -n -c1 -W0.6 10.5.0.2',
      reason: 'link-down',
      node: 'mv2',
      why: /mv0 is down/,
    }),
  )

  slow(
    'the bridge has another hardware address than a moment ago, and a port has the old one',
    () =>
      checkDrop({
        breaks: `ip link set veth2 address 02:00:00:00:00:02; ip link set br0 address 02:00:00:00:00:02
        ip netns exec ns1 ping -qc1 172.18.0.1; ip link set br0 address 02:00:00:00:00:09`,
        asks: 'ping -n -c1 -W0.6 172.18.0.1',
        reason: 'wrong-mac',
        node: 'ns1',
        why: /the neighbour entry of ns1 for 172.18.0.1 says 02:00:00:00:00:02, and host:br0 = 02:00:00:00:00:09: the entry is old/,
      }),
  )

  slow('a router sends the answer back to the node that sent it', () =>
    checkDrop({
      breaks: `iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
        ip address delete 172.18.0.1/24 dev br0; ip address add 172.18.0.1/32 dev br0`,
      asks: 'ping -n -c1 -W0.6 203.0.113.1',
      reason: 'routing-loop',
      node: 'host',
      why: /host sends it back to outside, which had sent it: its route for 172.18.0.2 leads there/,
      byHand: 'ip route add 172.18.0.0/24 dev br0',
    }),
  )

  slow('a rule gives the request the source of another machine', () =>
    checkDrop({
      breaks: `iptables -t nat -A PREROUTING -p icmp -d 203.0.113.2 -j DNAT --to-destination 172.18.0.3
        iptables -t nat -A POSTROUTING -o br0 -j SNAT --to-source 172.18.0.2`,
      from: 'outside',
      asks: 'ping -n -c1 -W0.6 203.0.113.2',
      reason: 'other-address',
      node: 'host',
      why: /a rule of host gave it the source 172.18.0.2, which ns1 has: the answer goes to ns1/,
    }),
  )

  cleanNetwork()
})

/** A program in ns2 that only listens. */
function listens(bind: string): string {
  return `ip netns exec ns2 perl -e '$|=1; ${bind} or die; listen S, 9; print "ready\\n"; sleep 60' >/run/listens 2>&1 &
    for n in $(seq 100); do grep -q ready /run/listens && break; sleep 0.05; done`
}

function serves(port: number): string {
  return `ip netns exec ns2 perl ${talk} serve tcp 172.18.0.3 ${port} x >/run/serves 2>&1 &
    for n in $(seq 100); do grep -q ready /run/serves && break; sleep 0.05; done`
}

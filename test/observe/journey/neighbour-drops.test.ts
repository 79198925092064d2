// Questions for hardware addresses that are lost or not answered, and entries that are wrong.
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { bothV6, cleanNetwork } from '../../helpers/segment.ts'

const asks = 'ping -n -c1 -W0.6 172.18.0.3'
const host = { node: 'host' } as const

sandboxSuite('drops of neighbours', (test, slow) => {
  test('a port of the bridge that is disabled', () =>
    checkDrop({
      breaks: 'bridge link set dev veth2 state 0',
      asks,
      reason: 'bridge',
      ...host,
      why: /the question who has 172.18.0.3 was lost: the port veth2 of br0 is disabled/,
    }))

  slow('a port that the spanning tree does not let forward yet', () =>
    checkDrop({
      breaks:
        'ip link set br0 type bridge stp_state 1; ip link set veth1 down; ip link set veth1 up; sleep 0.2',
      asks,
      reason: 'bridge',
      ...host,
      why: /was lost: the port veth1 of br0 is still listening: the spanning tree/,
      byHand:
        'ip link set br0 type bridge stp_state 0; bridge link set dev veth1 state 3; ip -n ns1 neigh flush dev eth0',
    }),
  )

  test('isolated ports', () =>
    checkDrop({
      breaks: 'for n in 1 2; do bridge link set dev veth$n isolated on; done',
      asks,
      reason: 'bridge',
      ...host,
      why: /was lost: veth1 and veth2 are isolated ports of br0/,
    }))

  slow('broadcasts are not flooded to a port', () =>
    checkDrop({
      breaks: 'bridge link set dev veth2 bcast_flood off',
      asks,
      reason: 'bridge',
      ...host,
      why: /was lost: br0 does not send broadcasts to veth2: flooding is off there/,
    }),
  )

  slow('unknown addresses are not flooded to a port, while a third one gets them', () =>
    checkDrop({
      breaks: `ip netns add ns3; ip link add veth3 master br0 up type veth peer name eth0 netns ns3
        ip -n ns3 link set eth0 up; ip netns exec ns1 ping -qc1 172.18.0.3
        bridge link set dev veth2 learning off flood off
        bridge fdb del $(ip netns exec ns2 cat /sys/class/net/eth0/address) dev veth2 master`,
      asks,
      reason: 'bridge',
      ...host,
      why: /br0 does not send frames for an unknown address \(.*\) to veth2: flooding is off there/,
    }),
  )

  test('a rule of the family bridge', () =>
    checkDrop({
      breaks: `nft 'add table bridge filter; add chain bridge filter forward { type filter hook forward priority 0; }
        add rule bridge filter forward ether type arp drop'`,
      asks,
      reason: 'dropped-by-rule',
      ...host,
      why: /was lost: a rule of the family bridge drops it/,
      evidence: /ether type arp drop \(handle \d+\)/,
    }))

  slow('ebtables', () =>
    checkDrop({
      breaks: 'ebtables -A FORWARD -p arp -j DROP',
      asks,
      reason: 'dropped-by-rule',
      ...host,
      why: /was lost: a rule of the family bridge drops it/,
    }),
  )

  test('arptables at the receiver', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 arptables -A INPUT -j DROP',
      asks,
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /ns2 has 172.18.0.3 and hears the question .* a rule of the family arp drops it/,
    }))

  slow('arptables at the sender', () =>
    checkDrop({
      breaks: 'ip netns exec ns1 arptables -A OUTPUT -j DROP',
      asks,
      reason: 'dropped-by-rule',
      node: 'ns1',
      why: /the question who has 172.18.0.3 was lost: a rule of the family arp drops it/,
    }),
  )

  slow('ARP is off at the receiver', () =>
    checkDrop({
      breaks: 'ip -n ns2 link set eth0 arp off',
      asks,
      reason: 'ignored',
      node: 'ns2',
      why: /hears the question who has it, but does not answer: ARP is off on eth0/,
    }),
  )

  slow('ARP is off at the sender', () =>
    checkDrop({
      breaks: 'ip -n ns1 link set eth0 arp off',
      asks,
      reason: 'wrong-mac',
      node: 'ns1',
      why: /ARP is off on eth0 of ns1: it asks for no hardware address, and sends to its own/,
    }),
  )

  test('arp_ignore', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 sysctl -qw net.ipv4.conf.all.arp_ignore=8',
      asks,
      reason: 'ignored',
      node: 'ns2',
      why: /does not answer: arp_ignore is 8/,
      evidence: /net.ipv4.conf.all.arp_ignore = 8/,
    }))

  slow('arp_filter', () =>
    checkDrop({
      breaks: `ip netns exec ns2 sysctl -qw net.ipv4.conf.eth0.arp_filter=1
        ip link add up2 type veth peer name eth1 netns ns2; ip link set up2 up; ip -n ns2 link set eth1 up
        ip -n ns2 route add 172.18.0.2/32 dev eth1`,
      asks,
      reason: 'ignored',
      node: 'ns2',
      why: /arp_filter is 1: an answer to 172.18.0.2 would leave by eth1, not by eth0/,
      byHand: 'ip -n ns2 route del 172.18.0.2/32 dev eth1',
    }),
  )

  slow('a rule of ip6tables against neighbour solicitations', () =>
    checkDrop({
      breaks: `${bothV6}
        ip netns exec ns2 ip6tables -A INPUT -p ipv6-icmp --icmpv6-type neighbour-solicitation -j DROP`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /the question who has fd00::3 was lost: a rule drops it/,
    }),
  )

  slow('a rule of nft against neighbour advertisements', () =>
    checkDrop({
      breaks: `${bothV6}
        ip netns exec ns2 nft 'add table ip6 t; add chain ip6 t out { type filter hook output priority 0; }
        add rule ip6 t out icmpv6 type nd-neighbor-advert drop'`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /ns2 has answered who has fd00::3, and the answer was lost: a rule drops it/,
    }),
  )

  test('an entry by hand that is wrong', () =>
    checkDrop({
      breaks: 'ip -n ns1 neighbour replace 172.18.0.3 lladdr 02:00:00:00:00:33 dev eth0',
      asks,
      reason: 'wrong-mac',
      node: 'ns1',
      why: /the neighbour entry of ns1 for 172.18.0.3 says 02:00:00:00:00:33, and ns2:eth0 = .*: the entry was entered by hand/,
    }))

  slow('an address on a port of a bridge', () =>
    checkDrop({
      breaks: `ip -n ns2 link add br1 type bridge; ip -n ns2 link set br1 up; ip -n ns2 link set eth0 master br1`,
      asks,
      reason: 'ignored',
      node: 'ns2',
      why: /ns2 has 172.18.0.3 on eth0, which is a port of br1: the bridge takes all frames/,
    }),
  )

  slow('nobody has the address', () =>
    checkDrop({
      breaks: ':',
      asks: 'ping -n -c1 -W0.6 172.18.0.9',
      reason: 'no-neighbour',
      node: 'ns1',
      why: /nobody answers the question who has 172.18.0.9: no node here has this address \(.*ns2:eth0.* heard the question\)/,
      byHand: 'ip -n ns2 address add 172.18.0.9/24 dev eth0; ip -n ns1 neigh flush dev eth0',
    }),
  )

  slow('a forwarding entry that is wrong', () =>
    checkDrop({
      breaks: `ip netns add ns3; ip link add veth3 master br0 up type veth peer name eth0 netns ns3
        ip -n ns3 link set eth0 up; ip netns exec ns1 ping -qc1 172.18.0.3
        bridge fdb replace $(ip netns exec ns2 cat /sys/class/net/eth0/address) dev veth3 master static sticky`,
      asks,
      reason: 'bridge',
      ...host,
      why: /the forwarding entry of br0 says that .* is behind veth3, and it is that of ns2:eth0/,
    }),
  )

  slow('two machines with one hardware address', () =>
    checkDrop({
      breaks: `ip netns add ns3; ip link add veth3 master br0 up type veth peer name eth0 netns ns3
        ip netns exec ns1 ping -qc1 172.18.0.3
        mac=$(ip netns exec ns2 cat /sys/class/net/eth0/address)
        ip -n ns3 link set eth0 address $mac up; ip -n ns3 address add 172.18.0.4/24 dev eth0
        bridge fdb replace $mac dev veth3 master dynamic; bridge link set dev veth2 learning off`,
      asks,
      reason: 'wrong-mac',
      node: 'ns3',
      why: /ns2:eth0, ns3:eth0 have the same hardware address/,
      evidence: /bridge fdb show br br0: .* dev veth3/,
      later: ['bridge'],
    }),
  )

  cleanNetwork()
})

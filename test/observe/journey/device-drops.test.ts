// Frames that devices, queues, filters below IP, macvlans and tunnels lose.
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { cleanNetwork } from '../../helpers/segment.ts'

const asks = 'ping -n -c1 -W0.6 172.18.0.3'
const tunnel = (host: string, outside: string) => `
  ip link add vx0 type vxlan remote 203.0.113.1 local 203.0.113.2 ${host}
  ip address add 10.9.0.1/24 dev vx0; ip link set vx0 up
  ip -n outside link add vx0 type vxlan remote 203.0.113.2 local 203.0.113.1 ${outside}
  ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up`
const both = 'id 42 dstport 4789'

sandboxSuite('drops of devices', (test, slow) => {
  test('the other end is down', () =>
    checkDrop({
      breaks: 'ip link set veth1 down',
      asks,
      reason: 'link-down',
      node: 'host',
      why: /eth0 has no carrier: its other end, host:veth1, is down/,
    }))

  slow('the receiver is down', () =>
    checkDrop({
      breaks: 'ip netns exec ns1 ping -qc1 172.18.0.3; ip -n ns2 link set eth0 down',
      asks,
      reason: 'link-down',
      node: 'ns2',
      why: /veth2 has no carrier: its other end, ns2:eth0, is down/,
    }),
  )

  slow('the interface itself is down', () =>
    checkDrop({
      breaks: 'ip -n ns1 link set eth0 down',
      asks,
      reason: 'link-down',
      node: 'ns1',
      why: /no route leads to 172.18.0.3: eth0, which has 172.18.0.2\/24, is down/,
    }),
  )

  slow('a bridge without a port', () =>
    checkDrop({
      breaks: 'ip link set veth1 nomaster; ip link set veth2 nomaster',
      from: 'host',
      asks: 'ping -n -c1 -W0.6 172.18.0.2',
      reason: 'link-down',
      node: 'host',
      why: /br0 has no carrier: no port is attached to the bridge/,
      byHand: 'ip link set veth1 master br0; sleep 0.1',
    }),
  )

  slow('a receiver on another segment', () =>
    checkDrop({
      breaks: 'ip link set veth2 nomaster; ip -n ns2 link set eth0 up',
      asks,
      reason: 'bridge',
      node: 'host',
      why: /was lost: br0 has no other port: there is nobody to send it to/,
      byHand: 'ip link set veth2 master br0; ip -n ns1 neigh flush dev eth0',
    }),
  )

  test('a queueing discipline', () =>
    checkDrop({
      breaks:
        'ip netns exec ns1 ping -qc1 172.18.0.3; ip netns exec ns1 tc qdisc add dev eth0 root tbf rate 8kbit burst 60 limit 60',
      asks,
      reason: 'queue',
      node: 'ns1',
      why: /the queueing discipline tbf of eth0 dropped \d+ packets/,
    }))

  test('a rule of the family netdev on the way in', () =>
    checkDrop({
      breaks: `nft 'add table netdev t; add chain netdev t i { type filter hook ingress device "veth1" priority 0; }
        add rule netdev t i icmp type echo-request drop'`,
      asks,
      reason: 'dropped-by-rule',
      node: 'host',
      why: /a rule of the family netdev drops it/,
      evidence: /icmp type echo-request drop \(handle \d+\)/,
    }))

  slow('a rule of the family netdev on the way out', () =>
    checkDrop({
      breaks: `ip netns exec ns1 nft 'add table netdev t; add chain netdev t e { type filter hook egress device "eth0" priority 0; }
        add rule netdev t e icmp type echo-request drop'`,
      asks,
      reason: 'dropped-by-rule',
      node: 'ns1',
      why: /a rule of the family netdev drops it/,
    }),
  )

  slow('a filter of tc on the way in', () =>
    checkDrop({
      breaks: `tc qdisc add dev veth1 clsact; tc filter add dev veth1 ingress bpf da bytecode '1,6 0 0 2'`,
      asks,
      reason: 'queue',
      node: 'host',
      why: /a filter of tc on veth1 dropped \d+ packets/,
    }),
  )

  slow('a parent and its macvlan', () =>
    checkDrop({
      breaks: `ip netns add mv; ip link set veth1 nomaster; ip address add 10.5.0.1/24 dev veth1
        ip link add mv0 link veth1 netns mv type macvlan mode bridge
        ip -n mv address add 10.5.0.2/24 dev mv0; ip -n mv link set mv0 up`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.5.0.2',
      reason: 'macvlan',
      node: 'host',
      why: /mv:mv0 is a macvlan of host:veth1: a macvlan and its parent cannot talk to each other/,
      byHand: `ip link add mv1 link veth1 type macvlan mode bridge; ip address del 10.5.0.1/24 dev veth1
        ip address add 10.5.0.1/24 dev mv1; ip link set mv1 up`,
    }),
  )

  slow('macvlans that are private', () =>
    checkDrop({
      breaks: `for n in 1 2; do ip netns add mv$n; done; ip link set veth1 nomaster
        for n in 1 2; do ip link add mv0 link veth1 netns mv$n type macvlan mode private
          ip -n mv$n address add 10.5.0.$n/24 dev mv0; ip -n mv$n link set mv0 up; done`,
      from: 'mv1',
      asks: 'ping -n -c1 -W0.6 10.5.0.2',
      reason: 'macvlan',
      node: 'mv1',
      why: /only in the mode bridge can these talk to each other: mv1:mv0 is private/,
      later: ['macvlan'],
    }),
  )

  test('a tunnel whose ends have two numbers', () =>
    checkDrop({
      breaks: tunnel(both, 'id 43 dstport 4789'),
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.9.0.2',
      reason: 'tunnel',
      node: 'outside',
      why: /belongs to the network \(VNI\) 42, and vx0 of outside to 43/,
      byHand: `ip -n outside link delete vx0; ip -n outside link add vx0 type vxlan remote 203.0.113.2 local 203.0.113.1 ${both}
        ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up; ip neigh flush dev vx0`,
    }))

  slow('a tunnel whose ends have two ports', () =>
    checkDrop({
      breaks: tunnel(both, 'id 42 dstport 8472'),
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.9.0.2',
      reason: 'tunnel',
      node: 'outside',
      why: /on UDP port 4789, and vx0 waits on port 8472/,
      byHand: `ip -n outside link delete vx0; ip -n outside link add vx0 type vxlan remote 203.0.113.2 local 203.0.113.1 ${both}
        ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up; ip neigh flush dev vx0`,
    }),
  )

  slow('a tunnel whose far end is down', () =>
    checkDrop({
      breaks: `${tunnel(both, both)}; ip -n outside link set vx0 down`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.9.0.2',
      reason: 'tunnel',
      node: 'outside',
      why: /vx0, where the tunnel ends, is down|got the tunnel's packet/,
    }),
  )

  slow('a tunnel without another end', () =>
    checkDrop({
      breaks: `ip link add vx0 type vxlan local 203.0.113.2 ${both}
        ip address add 10.9.0.1/24 dev vx0; ip link set vx0 up`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.9.0.2',
      reason: 'tunnel',
      node: 'host',
      why: /vx0 does not know to which host it should send/,
      byHand: `bridge fdb append 00:00:00:00:00:00 dev vx0 dst 203.0.113.1; ip neigh flush dev vx0
        ip -n outside link add vx0 type vxlan remote 203.0.113.2 local 203.0.113.1 ${both}
        ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up`,
    }),
  )

  slow("the tunnel's packet is dropped by a rule on the way", () =>
    checkDrop({
      breaks: `${tunnel(both, both)}; ip netns exec outside iptables -A INPUT -p udp --dport 4789 -j DROP`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 10.9.0.2',
      reason: 'dropped-by-rule',
      node: 'outside',
      why: /a rule drops it, silently/,
    }),
  )

  slow('the tunnel is longer than the way below it', () =>
    checkDrop({
      breaks: `${tunnel(`${both} df set`, `${both} df set`)}; ip link set vx0 mtu 1500; ping -qc1 10.9.0.2`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 -s 1472 10.9.0.2',
      reason: 'mtu',
      node: 'host',
      why: /it has 1550 bytes, eth0 takes 1500 at most, .*: with the headers of the tunnel, vx0 may take 1450/,
      later: ['mtu'],
    }),
  )

  cleanNetwork()
})

// Networks that were made up without looking at the code: two routers in a row, and faults whose cause is not where the packet ends.
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { bothV6, cleanNetwork } from '../../helpers/segment.ts'

const link = (a: string, aName: string, b: string, bName: string, net: number) =>
  `ip -n ${a} link add ${aName} type veth peer name ${bName} netns ${b}
   ip -n ${a} address add 10.${net}.0.1/24 dev ${aName}; ip -n ${b} address add 10.${net}.0.2/24 dev ${bName}
   ip -n ${a} link set ${aName} up; ip -n ${b} link set ${bName} up`

/** a — r1 — r2 — s */
const chain = `for n in a r1 r2 s; do ip netns add $n; ip -n $n link set lo up; done
  for n in r1 r2; do ip netns exec $n sysctl -qw net.ipv4.conf.all.forwarding=1; done
  ${link('r1', 'e0', 'a', 'e0', 1)}; ${link('r1', 'e1', 'r2', 'e0', 2)}; ${link('r2', 'e1', 's', 'e0', 3)}
  ip -n a route add default via 10.1.0.1; ip -n s route add default via 10.3.0.1
  ip -n r1 route add 10.3.0.0/24 via 10.2.0.2; ip -n r2 route add 10.1.0.0/24 via 10.2.0.1`
const far = { from: 'a', asks: 'ping -n -c1 -W0.6 10.3.0.2' } as const
const near = { asks: 'ping -n -c1 -W0.6 172.18.0.3' } as const
const masquerade = 'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE'

sandboxSuite('drops in a chain', (test, slow) => {
  test('the second router has no route back', () =>
    checkDrop({
      breaks: `${chain}; ip -n r2 route delete 10.1.0.0/24`,
      ...far,
      reason: 'no-route',
      node: 'r2',
      why: /no route leads to 10.1.0.2/,
      byHand: 'ip -n r2 route add 10.1.0.0/24 via 10.2.0.1',
    }))

  slow('an interface of a router is down, and its route went with it', () =>
    checkDrop({
      breaks: `${chain}; ip -n r2 link set e1 down`,
      ...far,
      reason: 'link-down',
      node: 'r2',
      why: /no route leads to 10.3.0.2: e1, which has 10.3.0.1\/24, is down/,
    }),
  )

  slow('a rule takes the time to live one router earlier', () =>
    checkDrop({
      breaks: `${chain}; ip netns exec r1 iptables -t mangle -A FORWARD -j TTL --ttl-set 1`,
      ...far,
      reason: 'ttl',
      node: 'r1',
      why: /its time to live is used up: 1, .*; a rule of r1 set it from 63 to 1/,
    }),
  )

  slow('a source that nobody has', () =>
    checkDrop({
      breaks: `${chain}; ip netns exec r1 iptables -t nat -A POSTROUTING -o e1 -j SNAT --to-source 10.2.0.77`,
      ...far,
      reason: 'snat-to-nowhere',
      node: 'r1',
      why: /a rule gave it the source 10.2.0.77, which nobody has, so no answer finds back/,
      byHand: 'ip netns exec r1 iptables -t nat -F; ip netns exec r1 conntrack -F 2>/dev/null',
    }),
  )

  slow('a tunnel to a host that nobody is', () =>
    checkDrop({
      breaks: `${chain}; ip -n r1 link add vx type vxlan id 7 local 10.2.0.1 remote 10.2.0.9 dstport 4789
        ip -n r1 address add 10.50.0.1/24 dev vx; ip -n r1 link set vx up
        ip -n r2 link add vx type vxlan id 7 local 10.2.0.2 remote 10.2.0.1 dstport 4789
        ip -n r2 address add 10.50.0.2/24 dev vx; ip -n r2 link set vx up`,
      from: 'r1',
      asks: 'ping -n -c1 -W0.6 10.50.0.2',
      reason: 'tunnel',
      node: 'r1',
      why: /vx sends to 10.2.0.9: nobody answers the question who has 10.2.0.9/,
      byHand: `ip -n r1 link delete vx; ip -n r1 link add vx type vxlan id 7 local 10.2.0.1 remote 10.2.0.2 dstport 4789
        ip -n r1 address add 10.50.0.1/24 dev vx; ip -n r1 link set vx up`,
    }),
  )

  slow('a filter of tc on the way out', () =>
    checkDrop({
      breaks: `ip netns exec ns1 tc qdisc add dev eth0 clsact
        ip netns exec ns1 tc filter add dev eth0 egress bpf da bytecode '1,6 0 0 2'`,
      ...near,
      reason: 'queue',
      node: 'ns1',
      why: /the question who has 172.18.0.3 was lost: a filter of tc on eth0 dropped \d+ packets/,
    }),
  )

  slow('a request that is kept out of connection tracking is not translated', () =>
    checkDrop({
      breaks: `${masquerade}; iptables -t raw -A PREROUTING -j NOTRACK`,
      asks: 'ping -n -c1 -W0.6 203.0.113.1',
      reason: 'not-tracked',
      node: 'host',
      why: /keeps the packet out of connection tracking, so host translates nothing of it/,
    }),
  )

  slow('a port of the bridge takes less than the one before', () =>
    checkDrop({
      breaks: `ip -n ns1 link set eth0 mtu 4000; ip link set veth1 mtu 4000; ip link set br0 mtu 4000`,
      asks: 'ping -n -c1 -W0.6 -s 3000 -Mdo 172.18.0.3',
      reason: 'mtu',
      node: 'host',
      why: /it has 3028 bytes, and the port veth2 of br0 takes 1500 at most/,
      later: ['mtu'],
    }),
  )

  test('the other end of a port takes less than the port', () =>
    checkDrop({
      breaks: `ip -n ns1 link set eth0 mtu 4000; ip link set veth1 mtu 4000; ip link set veth2 mtu 4000
        ip link set br0 mtu 4000; ip netns exec ns1 ping -qc1 172.18.0.3`,
      asks: 'ping -n -c1 -W0.6 -s 3000 -Mdo 172.18.0.3',
      reason: 'mtu',
      node: 'ns2',
      why: /it has 3028 bytes, and the other end of veth2, ns2:eth0, takes 1500 at most/,
    }))

  test('the last link takes less, behind a second bridge', () =>
    checkDrop({
      breaks: `ip -n ns1 link set eth0 mtu 4000; ip link set veth1 mtu 4000
        ip link set veth2 nomaster; ip link add br1 up mtu 4000 type bridge; ip link set veth2 mtu 4000 master br1
        ip link add up0 up mtu 4000 type veth peer name down0 mtu 4000; ip link set down0 up
        ip link set up0 master br0; ip link set down0 master br1; ip link set br0 mtu 4000
        ip netns exec ns1 ping -qc1 172.18.0.3`,
      asks: 'ping -n -c1 -W0.6 -s 3000 -Mdo 172.18.0.3',
      reason: 'mtu',
      node: 'ns2',
      why: /it has 3028 bytes, and the other end of veth2, ns2:eth0, takes 1500 at most/,
    }))

  slow('a program that chose the interface lo', () =>
    checkDrop({
      breaks: ':',
      asks: 'ping -n -c1 -W0.6 -I lo 172.18.0.3',
      reason: 'not-for-it',
      node: 'ns1',
      why: /it came to ns1 by lo, and ns1 does not have 172.18.0.3/,
      byHand: 'ip -n ns1 address add 172.18.0.3/32 dev lo',
    }),
  )

  slow('multicast is not flooded, and IPv6 has no neighbours', () =>
    checkDrop({
      breaks: `${bothV6}
        ip link set br0 type bridge mcast_snooping 0; bridge link set dev veth2 mcast_flood off; sleep 2`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'bridge',
      node: 'host',
      why: /the question who has fd00::3 was lost: br0 does not send multicasts to veth2/,
    }),
  )

  slow('the refusal of a closed port is dropped by its own node', () =>
    checkDrop({
      breaks: `ip netns exec ns2 iptables -A OUTPUT -p tcp --tcp-flags RST RST -j DROP
        ip netns exec ns2 sh -c 'exec perl ${import.meta.dirname}/../../helpers/talk.pl serve tcp 0.0.0.0 81 x' >/dev/null 2>&1 &
        sleep 0.3`,
      asks: 'curl -s --http0.9 -m1 http://172.18.0.3/',
      reason: 'dropped-by-rule',
      node: 'ns2',
      why: /a rule drops it, silently/,
      byHand: `ip netns exec ns2 iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 81`,
    }),
  )

  cleanNetwork()
})

// Packets that routing, policy rules, sysctls and the firewall lose.
import { checkDrop } from '../../helpers/drop-case.ts'
import { sandboxSuite } from '../../helpers/sandbox.ts'
import { addressV6, cleanNetwork } from '../../helpers/segment.ts'

const far = 'ping -n -c1 -W0.6 203.0.113.1'
const masquerade = 'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE'
const six = `${addressV6(null, 'br0', 1)}
  ${addressV6('ns1', 'eth0', 2)}
  ip -n ns1 -6 route add default via fd00::1; ip -n outside -6 route add fd00::/64 via 2001:db8:113::2`

sandboxSuite('drops by routing', (test, slow) => {
  test('forwarding is off for the interface, and on for all', () =>
    checkDrop({
      breaks: `${masquerade}; sysctl -qw net.ipv4.conf.br0.forwarding=0`,
      asks: far,
      reason: 'forwarding-off',
      node: 'host',
      why: /host does not forward: forwarding is off/,
      evidence:
        /net.ipv4.conf.br0.forwarding = 0; net.ipv4.conf.all.forwarding is 1, and does not count for br0/,
    }))

  slow('IPv6 forwarding is off', () =>
    checkDrop({
      breaks: `${six}; sysctl -qw net.ipv6.conf.all.forwarding=0`,
      asks: 'ping -n -c1 -W0.6 2001:db8:113::1',
      reason: 'forwarding-off',
      node: 'host',
      why: /host does not forward: forwarding is off/,
      evidence: /net.ipv6.conf.all.forwarding = 0/,
    }),
  )

  test('the Internet is no router: the address does not exist', () =>
    checkDrop({
      breaks: masquerade,
      asks: 'ping -n -c1 -W0.6 198.51.100.77',
      reason: 'not-for-it',
      node: 'outside',
      why: /outside does not have \(no node here has it\), and outside is no router for it/,
      byHand: 'ip -n outside address add 198.51.100.77/32 dev lo',
    }))

  slow('a rule of ip rule that prohibits', () =>
    checkDrop({
      breaks: `${masquerade}; ip rule add from 172.18.0.2 prohibit`,
      asks: far,
      reason: 'prohibited',
      node: 'host',
      why: /a route or a rule says that 203.0.113.1 is prohibited/,
      evidence: /ip rule \d+: from 172.18.0.2 prohibit/,
      byHand: 'ip rule delete from 172.18.0.2 prohibit',
    }),
  )

  slow('a second table without a route', () =>
    checkDrop({
      breaks: `${masquerade}; iptables -t mangle -A PREROUTING -s 172.18.0.2 -j MARK --set-mark 5
        ip rule add fwmark 5 lookup 55; ip route add unreachable default table 55`,
      asks: far,
      reason: 'no-route',
      node: 'host',
      why: /says that 203.0.113.1 is unreachable/,
      evidence: /mark 5/,
      byHand: 'ip rule delete fwmark 5; ip route flush table 55',
    }),
  )

  test('the strict reverse-path filter', () =>
    checkDrop({
      breaks: `sysctl -qw net.ipv4.conf.br0.rp_filter=1
        ip -n ns1 address add 10.7.0.1/32 dev eth0; ip -n outside route add 10.7.0.1/32 via 203.0.113.2
        ip route add 10.7.0.1/32 via 203.0.113.1`,
      asks: 'ping -n -c1 -W0.6 -I 10.7.0.1 203.0.113.1',
      reason: 'reverse-path-filter',
      node: 'host',
      why: /rp_filter refuses what comes from 10.7.0.1 by br0, since an answer would leave by eth0/,
      byHand: 'ip route replace 10.7.0.1/32 via 172.18.0.2',
    }))

  slow('the loose reverse-path filter, without any route back', () =>
    checkDrop({
      breaks: `sysctl -qw net.ipv4.conf.br0.rp_filter=2; ip route delete default
        ip -n ns1 address add 10.7.0.1/32 dev eth0; ip -n outside route add 10.7.0.1/32 via 203.0.113.2`,
      asks: 'ping -n -c1 -W0.6 -I 10.7.0.1 203.0.113.1',
      reason: 'reverse-path-filter',
      node: 'host',
      why: /an answer to 10.7.0.1 has no route: rp_filter \(loose\)|rp_filter refuses what comes from 10.7.0.1 by br0, since an answer would leave by no interface/,
      byHand: 'ip route add 10.7.0.1/32 via 172.18.0.2',
    }),
  )

  slow('a translation to 127.0.0.1', () =>
    checkDrop({
      breaks: `iptables -t nat -A PREROUTING -p icmp -d 203.0.113.2 -j DNAT --to-destination 127.0.0.1`,
      from: 'outside',
      asks: 'ping -n -c1 -W0.6 203.0.113.2',
      reason: 'martian',
      node: 'host',
      why: /127.0.0.1 is for the node itself only: .*route_localnet is 0/,
    }),
  )

  test('two nodes that send it to each other', () =>
    checkDrop({
      breaks: `ip netns exec outside sysctl -qw net.ipv4.conf.all.forwarding=1
        ip -n outside route add 198.18.0.0/16 via 203.0.113.2`,
      asks: 'ping -n -c1 -W0.6 198.18.0.5',
      reason: 'routing-loop',
      node: 'outside',
      why: /host and outside send it round in a circle|outside and host send it round in a circle/,
      evidence: /host: ip route get 198.18.0.5: via 203.0.113.1 dev eth0/,
      byHand: `ip -n outside route delete 198.18.0.0/16; ip -n outside address add 198.18.0.5/32 dev lo
        ip netns exec outside sysctl -qw net.ipv4.conf.all.forwarding=0; ${masquerade}`,
    }))

  slow('two connected routes for one subnet', () =>
    checkDrop({
      breaks: `ip link add br1 type bridge; ip link set br1 up; ip link add p1 type veth peer name p2
        ip link set p1 master br1 up; ip link set p2 up; ip address add 172.18.0.254/24 dev br1
        ip route delete 172.18.0.0/24 dev br0; ip route append 172.18.0.0/24 dev br1; ip route append 172.18.0.0/24 dev br0 metric 50`,
      from: 'host',
      asks: 'ping -n -c1 -W0.6 172.18.0.2',
      reason: 'no-neighbour',
      node: 'host',
      why: /ns1:eth0, which has the address, is not reached from host:br1 without a router.*172.18.0.0\/24 is on br1 and on br0: only one of these routes is used/,
      byHand:
        'ip link delete br1; ip route replace 172.18.0.0/24 dev br0; ip -n ns1 neigh flush dev eth0',
    }),
  )

  test('the policy of INPUT', () =>
    checkDrop({
      breaks: 'iptables -P INPUT DROP',
      asks: 'ping -n -c1 -W0.6 172.18.0.1',
      reason: 'dropped-by-policy',
      node: 'host',
      why: /no rule of the chain INPUT accepts it/,
    }))

  slow('the policy of FORWARD, then the answer', () =>
    checkDrop({
      breaks: `${masquerade}; iptables -P FORWARD DROP`,
      asks: far,
      reason: 'dropped-by-policy',
      node: 'host',
      why: /no rule of the chain FORWARD accepts it/,
      later: ['dropped-by-policy'],
    }),
  )

  slow('a chain of nft that accepts nothing', () =>
    checkDrop({
      breaks: `nft 'add table inet f; add chain inet f in { type filter hook input priority 0; policy drop; }'`,
      asks: 'ping -n -c1 -W0.6 172.18.0.1',
      reason: 'dropped-by-policy',
      node: 'host',
      why: /no rule of the chain in accepts it/,
    }),
  )

  slow('a translation of what the node sends, to where no route leads', () =>
    checkDrop({
      breaks: `ip -n ns1 route delete default; ip -n ns1 route add 203.0.113.0/24 via 172.18.0.1
        ip netns exec ns1 iptables -t nat -A OUTPUT -d 203.0.113.1 -j DNAT --to-destination 198.51.100.1`,
      asks: far,
      reason: 'dnat-to-nowhere',
      node: 'ns1',
      why: /a rule gave it the destination 198.51.100.1, and no route leads/,
      byHand: `ip netns exec ns1 iptables -t nat -F; ${masquerade}`,
    }),
  )

  slow('no port is left for a translation', () =>
    checkDrop({
      breaks: `iptables -t nat -A POSTROUTING -p tcp -o eth0 -j SNAT --to-source 203.0.113.2:5000-5000
        ip netns exec outside perl ${import.meta.dirname}/../../helpers/talk.pl serve tcp 0.0.0.0 80 x >/dev/null 2>&1 &
        sleep 0.3; ip netns exec ns2 sh -c 'exec 3<>/dev/tcp/203.0.113.1/80; sleep 20' >/dev/null 2>&1 & 
        ip netns exec ns2 bash -c 'exec 3<>/dev/tcp/203.0.113.1/80; sleep 20' >/dev/null 2>&1 & sleep 0.3`,
      asks: 'curl -s --http0.9 -m1 http://203.0.113.1/',
      reason: 'ports-exhausted',
      node: 'host',
      why: /a rule gives it an address and a port that another connection has already/,
      byHand: `iptables -t nat -F; ${masquerade}`,
    }),
  )

  cleanNetwork()
})

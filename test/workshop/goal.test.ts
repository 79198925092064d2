// Checks that other commands reach the same goal, and that each frequent mistake has its own message.
import * as assert from 'uvu/assert'
import { translator } from '../../lib/language/translate.ts'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import type { Goal } from '../../lib/workshop/goal/goal.ts'
import { isVisible, missing } from '../../lib/workshop/goal/missing.ts'
import { missingLines } from '../../lib/workshop/page.ts'
import { shellQuote } from '../../lib/exec/shell-quote.ts'
import { on } from '../../lib/workshop/watched-shell.ts'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'

const t = await translator('en')

const cable = 'ip netns add ns1; ip link add veth0 type veth peer name veth1'
const attached = `${cable}; ip link set veth1 netns ns1; ip link set veth0 up; ip -n ns1 link set veth1 up`
const addressed = `${attached}; ip -n ns1 address add 172.18.0.2/24 dev veth1`
const bridged = `${attached}; ip link add br0 type bridge; ip link set br0 up; ip address add 172.18.0.1/24 dev br0`
const rule = 'POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE'

type Case = {
  readonly name: string
  /** Commands for the network before the step. */
  readonly before: string
  /** Commands of the scenario. */
  readonly right: string
  readonly learner: string
  /** The messages; none if the goal is reached. */
  readonly messages: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'nothing is done yet',
    before: 'true',
    right: 'ip netns add ns1',
    learner: 'true',
    messages: ['· the network namespace ns1 does not exist yet'],
  },
  {
    name: 'the other end is made where it belongs, at once',
    before: 'ip netns add ns1',
    right: 'ip link add veth0 type veth peer name veth1; ip link set veth1 netns ns1',
    learner: 'ip link add veth0 type veth peer name veth1 netns ns1',
    messages: [],
  },
  {
    name: 'ifconfig instead of ip',
    before: cable,
    right: 'ip link set veth0 up; ip address add 172.18.0.1/24 dev veth0',
    learner: 'ifconfig veth0 172.18.0.1 netmask 255.255.255.0',
    messages: [],
  },
  {
    name: 'brctl instead of ip',
    before: cable,
    right: 'ip link add br0 type bridge; ip link set veth0 master br0',
    learner: 'brctl addbr br0; brctl addif br0 veth0',
    messages: [],
  },
  {
    name: 'route instead of ip',
    before: `${addressed}; ip address add 172.18.0.1/24 dev veth0`,
    right: 'ip -n ns1 route add default via 172.18.0.1',
    learner: 'ip netns exec ns1 route add default gw 172.18.0.1',
    messages: [],
  },
  {
    name: 'the end is not moved',
    before: cable,
    right: 'ip link set veth1 netns ns1',
    learner: 'ip link set veth1 up',
    messages: ['· veth1 is still on host: it must be moved to ns1'],
  },
  {
    name: 'the link is still down',
    before: attached.replace('; ip -n ns1 link set veth1 up', ''),
    right: 'ip -n ns1 address add 172.18.0.2/24 dev veth1; ip -n ns1 link set veth1 up',
    learner: 'ip -n ns1 address add 172.18.0.2/24 dev veth1',
    messages: ['· veth1 on ns1 is still down'],
  },
  {
    name: 'an address without its prefix length',
    before: attached,
    right: 'ip -n ns1 address add 172.18.0.2/24 dev veth1',
    learner: 'ip -n ns1 address add 172.18.0.2 dev veth1',
    messages: [
      '! 172.18.0.2 on veth1 has the prefix length /32, but must have /24: the kernel adds a route for that prefix',
    ],
  },
  {
    name: 'an address on the wrong interface',
    before: attached,
    right: 'ip -n ns1 address add 172.18.0.2/24 dev veth1',
    learner: 'ip -n ns1 address add 172.18.0.2/24 dev lo',
    messages: ['! 172.18.0.2/24 is on ns1/lo, but must be on veth1 on ns1'],
  },
  {
    name: 'an address on the wrong node',
    before: attached,
    right: 'ip -n ns1 address add 172.18.0.2/24 dev veth1',
    learner: 'ip address add 172.18.0.2/24 dev veth0',
    messages: ['! 172.18.0.2/24 is on host/veth0, but must be on veth1 on ns1'],
  },
  {
    name: 'a route through the wrong gateway',
    before: addressed,
    right: 'ip -n ns1 route add default via 172.18.0.1',
    learner: 'ip -n ns1 route add default via 172.18.0.254',
    messages: [
      '! ns1 has the route default via 172.18.0.254, but must have default via 172.18.0.1',
    ],
  },
  {
    name: 'no route at all',
    before: addressed,
    right: 'ip -n ns1 route add default via 172.18.0.1',
    learner: 'true',
    messages: ['· ns1 has no route default via 172.18.0.1 yet'],
  },
  {
    name: 'a route that was to go is still there',
    before: `${addressed}; ip -n ns1 route add unreachable 10.0.0.0/8`,
    right: 'ip -n ns1 route del unreachable 10.0.0.0/8',
    learner: 'true',
    messages: ['· ns1 still has the route unreachable 10.0.0.0/8'],
  },
  {
    name: 'not attached to the bridge',
    before: bridged,
    right: 'ip link set veth0 master br0',
    learner: 'true',
    messages: ['· veth0 on host is not a port of br0 yet'],
  },
  {
    name: 'attached to another bridge',
    before: `${bridged}; ip link add br1 type bridge`,
    right: 'ip link set veth0 master br0',
    learner: 'ip link set veth0 master br1',
    messages: ['! veth0 on host is a port of br1, but must be a port of br0'],
  },
  {
    name: 'not a bridge',
    before: 'true',
    right: 'ip link add br0 type bridge',
    learner: 'ip link add br0 type veth peer name br1',
    messages: ['! br0 on host must be of the type bridge, and is not'],
  },
  {
    name: 'the cable ends somewhere else',
    before: 'ip netns add ns1',
    right: 'ip link add veth0 type veth peer name eth0 netns ns1',
    learner: 'ip link add veth0 type veth peer name veth9',
    messages: [
      '! the other end of veth0 is host/veth9, but must be ns1/eth0',
      '· ns1 has no device eth0 yet',
    ],
  },
  {
    name: 'forwarding is off',
    before: bridged,
    right: 'sysctl -qw net.ipv4.conf.all.forwarding=1',
    learner: 'sysctl -qw net.ipv4.conf.br0.rp_filter=0',
    messages: ['· forwarding is off on host (net.ipv4.conf.all.forwarding is 0)'],
  },
  {
    name: 'forwarding by its older name',
    before: bridged,
    right: 'sysctl -qw net.ipv4.conf.all.forwarding=1',
    learner: 'sysctl -qw net.ipv4.ip_forward=1',
    messages: [],
  },
  {
    name: 'the same rule by nft',
    before: bridged,
    right: `iptables -t nat -A ${rule}`,
    learner:
      'nft \'add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out ip saddr 172.18.0.0/24 oifname "eth0" masquerade\'',
    messages: [],
  },
  {
    name: 'masquerade out of the wrong interface',
    before: bridged,
    right: `iptables -t nat -A ${rule}`,
    learner: `iptables -t nat -A ${rule.replace('eth0', 'br0')}`,
    messages: [
      `! host has the firewall rule nat/${rule.replace('eth0', 'br0')}, but must have nat/${rule}`,
    ],
  },
  {
    name: 'the rule in another hook',
    before: bridged,
    right: 'iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    learner: 'iptables -t nat -A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    messages: [
      '· host has no firewall rule yet with this effect: nat/PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
      '! host has a firewall rule that the goal does not have. It also applies to other packets: nat/OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    ],
  },
  {
    name: 'the rule and a blanket MASQUERADE',
    before: bridged,
    right: `iptables -t nat -A ${rule}`,
    learner: `iptables -t nat -A ${rule}; iptables -t nat -A POSTROUTING -j MASQUERADE`,
    messages: [
      '! host has a firewall rule that the goal does not have. It also applies to other packets: nat/POSTROUTING -j MASQUERADE',
    ],
  },
  {
    name: 'the rule twice',
    before: bridged,
    right: `iptables -t nat -A ${rule}`,
    learner: `iptables -t nat -A ${rule}; iptables -t nat -A ${rule}`,
    messages: [`! host has the firewall rule nat/${rule} more than once`],
  },
  {
    name: 'the rule for udp',
    before: bridged,
    right: 'iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    learner:
      'iptables -t nat -A PREROUTING -p udp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    messages: [
      '! host has the firewall rule nat/PREROUTING -p udp -m udp --dport 80 -j DNAT --to-destination 172.18.0.2:80, but must have nat/PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    ],
  },
  {
    name: 'the rule in a chain of its own, which the hook calls',
    before: bridged,
    right: `iptables -t nat -A ${rule}`,
    learner: `iptables -t nat -N MINE; iptables -t nat -A POSTROUTING -j MINE; iptables -t nat -A MINE ${rule.replace('POSTROUTING ', '')}`,
    messages: [],
  },
  {
    name: 'the condition LOCAL by nft',
    before: bridged,
    right:
      'iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80',
    learner:
      'nft "add table ip mine; add chain ip mine in { type nat hook prerouting priority -100; }; add rule ip mine in fib daddr type local tcp dport 80 counter dnat to 172.18.0.2:80"',
    messages: [],
  },
  {
    name: 'an address that has an owner already',
    before: `${addressed}; ip address add 172.18.0.1/24 dev veth0; ip netns add ns2`,
    right: 'ip -n ns2 link set lo up',
    learner: 'ip -n ns2 link set lo up; ip -n ns2 address add 172.18.0.2/24 dev lo',
    messages: [
      '! 172.18.0.2 is on lo on ns2 and also on ns1/veth1: an address must have one owner',
    ],
  },
  {
    name: 'a MAC address that was set is part of the goal',
    before: 'ip netns add ns1',
    right: 'ip link add veth0 type veth peer name eth0 address 02:00:00:00:00:01 netns ns1',
    learner: 'ip link add veth0 type veth peer name eth0 address 02:00:00:00:00:02 netns ns1',
    messages: [
      '! eth0 on ns1 has the MAC address 02:00:00:00:00:02, but must have 02:00:00:00:00:01',
    ],
  },
  {
    name: 'a sysctl that nobody asked for',
    before: bridged,
    right: 'ip link set br0 up; ip address add 172.18.9.1/24 dev br0',
    learner:
      'ip link set br0 up; ip address add 172.18.9.1/24 dev br0; sysctl -qw net.ipv4.conf.all.forwarding=1',
    messages: ['! net.ipv4.conf.all.forwarding is 1 on host, but must be 0'],
  },
]

sandboxSuite('goals', (test, slow) => {
  for (const [index, { name, before, right, learner, messages }] of cases.entries()) {
    const define = index % 6 === 1 ? test : slow
    define(name, async () => {
      begin(before)
      const world = await takeSnapshot()
      sh(right)
      const macs = right.match(/02(:\w\w){5}/g) ?? []
      const goal: Goal = { before: world, after: await takeSnapshot(), macs }
      assert.ok(isVisible(goal))
      begin(before)
      sh(learner)
      assert.equal(missingLines(missing(await takeSnapshot(), goal), t), [...messages])
    })
  }

  const random = 'ip neighbour add 172.18.0.9 dev veth0 nud permanent lladdr'
  const ofNs1 = '$(ip netns exec ns1 cat /sys/class/net/veth1/address)'

  test('a permanent entry with a random MAC address is named by its device', async () => {
    begin(attached)
    const world = await takeSnapshot()
    sh(`${random} ${ofNs1}`)
    const goal: Goal = { before: world, after: await takeSnapshot() }
    begin(attached)
    assert.equal(missingLines(missing(await takeSnapshot(), goal), t), [
      '· host has no permanent entry 172.18.0.9 lladdr ns1/veth1 dev veth0 yet',
    ])
    sh(`${random} ${ofNs1}`)
    assert.equal(missing(await takeSnapshot(), goal), [])
    sh(`${random.replace(' add ', ' replace ')} 02:00:00:00:00:77`)
    assert.equal(missingLines(missing(await takeSnapshot(), goal), t), [
      '· host has no permanent entry 172.18.0.9 lladdr ns1/veth1 dev veth0 yet',
      '! host has a permanent entry that the goal does not have: 172.18.0.9 lladdr 02:00:00:00:00:77 dev veth0',
    ])
  })

  test('the firewall rules of the library are one message', async () => {
    const rules =
      'nft add table inet netdojo; nft add chain inet netdojo forward "{ type filter hook forward priority 0; }"; nft add rule inet netdojo forward iifname a drop; nft add rule inet netdojo forward iifname b drop'
    begin('true')
    const world = await takeSnapshot()
    sh(rules)
    const goal: Goal = { before: world, after: await takeSnapshot() }
    begin('true')
    assert.equal(missingLines(missing(await takeSnapshot(), goal), t), [
      '· host has no firewall rules of netdojo yet',
    ])
    sh(rules)
    assert.equal(missing(await takeSnapshot(), goal), [])
    const none: Goal = { before: world, after: world }
    assert.equal(missingLines(missing(await takeSnapshot(), none), t), [
      '! host has firewall rules of netdojo, which the goal does not have',
    ])
  })

  test('on NODE takes NAME=VALUE before a command', async () => {
    begin('ip netns add ns1')
    const line = `${on()}; on ns1 A=5 sh -c 'echo $A; ip netns identify $$'`
    assert.is(sh(`bash -c ${shellQuote(line)} 2>&1`), '5\nns1\n')
  })

  test('a goal that no snapshot shows is not visible', async () => {
    begin(bridged)
    const world = await takeSnapshot()
    sh('ip neighbour add 172.18.0.9 lladdr 02:00:00:00:00:09 dev br0 nud stale')
    assert.not.ok(isVisible({ before: world, after: await takeSnapshot() }))
  })
})

/** Cleans the world and runs the commands. */
function begin(line: string): void {
  cleanHost()
  sh(`
    for link in veth0 br0 br1; do ip link del $link 2>/dev/null; done
    sysctl -qw net.ipv4.conf.all.forwarding=0
    ${line}`)
}

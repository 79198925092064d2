// The words of what changed, against the kernel; and that nothing is said when nobody did anything.
import * as assert from 'uvu/assert'
import {
  changeLine,
  difference,
  type Change,
  type Difference,
} from '../../lib/observe/difference/difference.ts'
import { keptPairs } from '../../lib/observe/difference/kept.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { endWorld, makeWorld } from '../helpers/small-world.ts'
import { sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'

const lines = (changes: readonly Change[]) => changes.map((change) => changeLine(change))

/** Nothing happens between two changes. */
let last: Snapshot | undefined

async function changedBy(line: string): Promise<{ changes: string[]; traffic: string[] }> {
  const before = last ?? (await takeSnapshot())
  sh(line)
  last = await takeSnapshot()
  const { changes, traffic }: Difference = difference(before, last)
  return { changes: lines(changes), traffic: lines(traffic) }
}

sandboxSuite('difference', (test) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['ip link add br0 type bridge', ['host: + bridge br0 (down)']],
    ['ip link set br0 up', ['host: br0 down -> up']],
    [
      'ip address add 172.18.0.1/24 dev br0',
      [
        'host: + address 172.18.0.1/24 on br0',
        'host: + route 172.18.0.0/24 dev br0 (by the kernel, for the address)',
      ],
    ],
    ['ip netns add ns1', ['ns1: + network namespace']],
    [
      'ip link add veth1 type veth peer name eth0 netns ns1',
      ['host: + veth veth1 (down, peer ns1/eth0)', 'ns1: + veth eth0 (down, peer host/veth1)'],
    ],
    ['ip link set veth1 master br0', ['host: veth1 becomes a port of br0']],
    ['ip link set veth1 up', ['host: veth1 down -> up, no carrier']],
    [
      'ip -n ns1 address add 172.18.0.2/24 dev eth0; ip -n ns1 link set eth0 up',
      [
        'host: veth1 up, no carrier -> up',
        'ns1: eth0 down -> up',
        'ns1: + address 172.18.0.2/24 on eth0',
        'ns1: + route 172.18.0.0/24 dev eth0 (by the kernel, for the address)',
      ],
    ],
    ['ip -n ns1 route add default via 172.18.0.1', ['ns1: + route default via 172.18.0.1']],
    [
      'ip rule add from 10.0.0.0/8 lookup 100 priority 5',
      ['host: + rule 5: from 10.0.0.0/8 lookup 100'],
    ],
    ['ip rule delete priority 5', ['host: - rule 5: from 10.0.0.0/8 lookup 100']],
    ['ip -n ns1 link add br1 address 02:00:00:00:00:99 type bridge', ['ns1: + bridge br1 (down)']],
    // Another bridge with the same name and MAC address, not the same one at another place.
    ['ip link add br1 address 02:00:00:00:00:99 type bridge', ['host: + bridge br1 (down)']],
    ['ip link delete br1', ['host: - bridge br1']],
    ['ip -n ns1 link delete br1', ['ns1: - bridge br1']],
    ['sysctl -qw net.ipv4.conf.all.forwarding=1', ['host: net.ipv4.conf.all.forwarding 0 -> 1']],
    ['iptables -P FORWARD DROP', ['host: filter/FORWARD policy accept -> drop']],
    ['iptables -P FORWARD ACCEPT', ['host: filter/FORWARD policy drop -> accept']],
    [
      'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
      ['host: + nat/POSTROUTING #1 -s 172.18.0.0/24 -o eth0 -j MASQUERADE'],
    ],
    ['iptables-legacy -A FORWARD -j DROP', ['host: + filter/FORWARD (legacy) #1 -j DROP']],
    ['iptables-legacy -F FORWARD', ['host: - filter/FORWARD (legacy) #1 -j DROP']],
    [
      "nft 'table inet lab { set s { type ipv4_addr; elements = { 10.0.0.1 } }; }'",
      ['host: + inet lab/@s 10.0.0.1'],
    ],
    ['ip link set br0 mtu 1400', ['host: br0 mtu 1500 -> 1400']],
    [
      'ip link add spare type veth peer name spare2',
      [
        'host: + veth spare2 (down, peer host/spare)',
        'host: + veth spare (down, peer host/spare2)',
      ],
    ],
    [
      'ip link set spare2 netns ns1',
      [
        'host: - veth spare2, moved to ns1',
        'host: spare has its peer at ns1/spare2',
        'ns1: + veth spare2 (down, peer host/spare, moved from host)',
      ],
    ],
    ['ip link set spare name other', ['host: spare renamed to other']],
    [
      'ip neighbour add 172.18.0.9 lladdr 02:00:00:00:00:09 dev br0',
      ['host: + neighbour 172.18.0.9 is 02:00:00:00:00:09, permanent, on br0'],
    ],
    [
      'ip netns delete ns1',
      ['host: - veth veth1', 'host: - veth other', 'ns1: - network namespace'],
    ],
  ]
  for (const [line, expected] of cases)
    test(line, async () => {
      // In a user namespace nobody is told which tables iptables-legacy has.
      if (line.includes('legacy') && !succeeds('cat /proc/net/ip_tables_names')) return
      const { changes } = await changedBy(line)
      // A device whose other end is gone goes with it, at a moment of the kernel's own.
      const seen = line.includes('netns delete')
        ? changes.filter((change) => change.startsWith('ns1'))
        : changes
      assert.equal(
        seen,
        expected.filter((change) => seen === changes || change.startsWith('ns1')),
      )
    })

  test('what packets leave behind is told apart, by names and without volatile numbers', async () => {
    endWorld()
    makeWorld()
    last = undefined
    const first = await changedBy('ip netns exec ns1 ping -c 1 -W 5 198.51.100.1')
    assert.equal(first.changes, [])
    assert.equal(first.traffic.toSorted(), [
      'host: + br0 learned: ns1/eth0 is behind veth1',
      'host: + connection icmp 172.18.0.2 -> 198.51.100.1 (SNAT to 203.0.113.2)',
      'host: + neighbour 172.18.0.2 is ns1/eth0',
      'host: + neighbour 203.0.113.1 is outside/wan',
      'host: nat/POSTROUTING #1 0 packets -> 1',
      'ns1: + neighbour 172.18.0.1 is host/br0',
      'outside: + neighbour 203.0.113.2 is host/eth0',
    ])
    // The second ping is another connection with the same words: only the counter tells of it.
    const second = await changedBy('ip netns exec ns1 ping -c 1 -W 5 198.51.100.1')
    assert.equal(second, { changes: [], traffic: ['host: nat/POSTROUTING #1 1 packets -> 2'] })
  })

  test('a rule put in front moves the others without a word about them', async () => {
    const { changes, traffic } = await changedBy(
      'iptables -t nat -I POSTROUTING -d 10.0.0.0/8 -j ACCEPT',
    )
    assert.equal(changes, ['host: + nat/POSTROUTING #1 -d 10.0.0.0/8 -j ACCEPT'])
    assert.equal(traffic, [])
  })

  test('what is forgotten is no change', async () => {
    const flush = 'ip neighbour flush dev br0; conntrack -F 2>/dev/null; bridge fdb flush dev br0'
    assert.equal(await changedBy(flush), { changes: [], traffic: [] })
  })

  test('nobody does anything: nothing is said', async () => {
    assert.equal(await changedBy('true'), { changes: [], traffic: [] })
    endWorld()
  })

  test('of many rules only the changed one is found, and soon', () => {
    const rules = Array.from({ length: 20_000 }, (_, index) => `rule ${index}`)
    const pairs = keptPairs(rules, rules.toSpliced(10_000, 1))
    assert.is(pairs.length, 19_999)
    assert.equal(pairs[10_000], [10_001, 10_000])
  })
})

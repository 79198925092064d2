// The answers of the routing tables by netlink are those that `ip route get` prints, also the refusals.
import * as assert from 'uvu/assert'
import { loadLibc } from '../../lib/kernel/netlink/libc.ts'
import { lookUpRoutes, type RouteQuery } from '../../lib/kernel/state/route-lookup.ts'
import { endWorld, makeWorld } from '../helpers/small-world.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

const queries: readonly (readonly [words: string, query: RouteQuery])[] = [
  ['172.18.0.2', { destination: '172.18.0.2' }],
  ['172.18.0.1', { destination: '172.18.0.1' }],
  ['198.51.100.1', { destination: '198.51.100.1' }],
  [
    '198.51.100.1 from 172.18.0.2 iif br0',
    { destination: '198.51.100.1', source: '172.18.0.2', input: 'br0' },
  ],
  [
    '172.18.0.2 from 10.1.1.1 iif br0',
    { destination: '172.18.0.2', source: '10.1.1.1', input: 'br0' },
  ],
  ['198.51.100.1 mark 7', { destination: '198.51.100.1', mark: 7 }],
  [
    '198.51.100.1 ipproto tcp dport 25',
    { destination: '198.51.100.1', protocol: 'tcp', destinationPort: 25 },
  ],
  ['10.66.0.1', { destination: '10.66.0.1' }],
  ['10.67.0.1', { destination: '10.67.0.1' }],
  ['10.68.0.1', { destination: '10.68.0.1' }],
  ['10.69.0.1 tos 0x10', { destination: '10.69.0.1', tos: 16 }],
  ['198.51.100.1 oif br0', { destination: '198.51.100.1', output: 'br0' }],
  ['2001:db8:113::9', { destination: '2001:db8:113::9' }],
  ['fd99::1 ipproto ipv6-icmp', { destination: 'fd99::1', protocol: 'icmp' }],
]

type Printed = {
  type?: string
  gateway?: string
  dev?: string
  prefsrc?: string
  table?: string
  metrics?: { mtu?: number }[]
}

function printed(words: string): object {
  const text = sh(`ip -j route get ${words} 2>&1 || true`)
  const error = /^RTNETLINK answers: (.*)$/m.exec(text)?.[1]
  if (error !== undefined) return { type: 'error', error }
  const [{ type = 'unicast', gateway, dev, prefsrc, table, metrics } = {}]: Printed[] =
    JSON.parse(text)
  const mtu = metrics?.[0]?.mtu
  return JSON.parse(
    JSON.stringify({ type, via: gateway, mtu, table, device: dev, source: prefsrc }),
  )
}

sandboxSuite('route lookup', (test) => {
  test('as ip route get: tables, marks, ports, devices, and what is refused', async () => {
    makeWorld()
    sh(`ip route add 192.0.2.0/24 via 203.0.113.1; ip route add default via 172.18.0.9 table 100 mtu 1300
      ip rule add fwmark 7 lookup 100; ip rule add ipproto tcp dport 25 prohibit
      ip route add blackhole 10.66.0.0/16; ip route add unreachable 10.67.0.0/16; ip route add prohibit 10.68.0.0/16
      ip route add 10.69.0.0/16 via 172.18.0.8; ip route add 10.69.0.0/16 tos 0x10 via 172.18.0.7
      sysctl -qw net.ipv4.conf.br0.rp_filter=1`)
    const libc = await loadLibc()
    if (!libc) throw new Error('no libc')
    const replies = lookUpRoutes(
      libc,
      '/proc/self/ns/net',
      queries.map(([, query]) => query),
    )
    for (const [index, [words]] of queries.entries())
      assert.equal(replies[index], printed(words), words)
    const errors = new Set(replies.map(({ error }) => error))
    for (const error of ['Invalid argument', 'No route to host', 'Permission denied'])
      assert.ok(errors.has(error), error)
    assert.ok(replies.some(({ table, mtu }) => table === '100' && mtu === 1300))
    sh('ip rule del fwmark 7; ip rule del ipproto tcp; ip route flush table 100')
    endWorld()
  })
})

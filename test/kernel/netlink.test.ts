// Compares the netlink applier with the applier by programs: the same kernel state, the same refusals, and the right connections deleted.
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { Applier } from '../../lib/kernel/plan.ts'
import { batchApplier } from '../../lib/kernel/apply.ts'
import { listenersInFiles, type Listener } from '../../lib/kernel/listeners.ts'
import { netlinkApplier } from '../../lib/kernel/apply.ts'
import { loadLibc } from '../../lib/kernel/netlink/libc.ts'
import { askForListeners } from '../../lib/kernel/listeners.ts'
import type { Operation } from '../../lib/kernel/operation.ts'
import { undoPlan } from '../../lib/kernel/undo.ts'
import { difference, kernelState, type KernelState } from '../helpers/kernel-state.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { ask, serve } from '../helpers/talk.ts'

const netns = '/run/netns/c1'
const group = 28260
const element = { kind: 'create-element', table: 'netdojo' } as const

/** An endpoint on another host. */
const faraway = '02:42:c0:a8:00:07'

/** A tunnel device of the bridge, with all that the host knows of the endpoint on another host. */
function tunnel(link: string, last: number, local: string, destination: string): Operation[] {
  const address = last === 4 ? '192.168.0.7' : 'fd00:7::7'
  const mac = faraway.replace(/7$/, `${last}`)
  return [
    {
      kind: 'add-vxlan',
      link,
      mac: `02:6e:64:00:01:0${last}`,
      mtu: 1430,
      group,
      bridge: 'nd-t',
      vni: last,
      port: 4789,
      local,
    },
    {
      kind: 'set-link',
      link,
      up: true,
      port: {
        hairpin: false,
        isolated: false,
        learning: false,
        neighbourSuppression: true,
      },
    },
    { kind: 'add-forwarding-entry', mac, link, destination },
    { kind: 'add-forwarding-entry', mac, link },
    { kind: 'add-neighbour', address, mac, link: 'nd-t' },
    // The endpoint moves.
    { kind: 'replace-forwarding-entry', mac, link, destination: destination.replace(/2$/, '3') },
    { kind: 'replace-neighbour', address, mac: mac.replace('c0', 'c1'), link: 'nd-t' },
  ]
}

/** Each kind of operation, for IPv4 and IPv6, with and without the optional fields. */
const plan: readonly Operation[] = [
  { kind: 'add-bridge', link: 'nd-t', mac: '02:6e:64:00:00:01', group },
  { kind: 'set-link', link: 'nd-t', alias: 'netdojo/t', linkLocal: false, up: true },
  { kind: 'add-address', address: '192.168.0.1/24', link: 'nd-t' },
  { kind: 'add-address', address: 'fd00:7::1/64', link: 'nd-t' },
  {
    kind: 'add-veth',
    link: 'ndv1',
    mac: '02:6e:64:00:00:02',
    mtu: 1400,
    group,
    bridge: 'nd-t',
    peer: { link: 'eth0', mac: '02:42:c0:a8:00:02', netns },
  },
  { kind: 'set-link', link: 'ndv1', up: true, port: { hairpin: false, isolated: true } },
  { kind: 'set-sysctl', key: 'net/ipv6/conf/eth0/accept_ra', value: '0', netns },
  { kind: 'set-link', link: 'lo', up: true, netns },
  { kind: 'set-link', link: 'eth0', up: true, netns },
  { kind: 'add-address', address: '192.168.0.2/24', link: 'eth0', netns },
  { kind: 'add-address', address: 'fd00:7::2/64', link: 'eth0', netns },
  { kind: 'add-route', to: 'default', via: '192.168.0.1', link: 'eth0', netns },
  { kind: 'add-route', to: 'default', via: 'fd00:7::1', link: 'eth0', netns },
  { kind: 'add-route', to: '10.9.0.0/16', via: '192.168.0.9', link: 'eth0', netns },
  { kind: 'add-route', to: '10.10.0.0/16', link: 'eth0', netns },
  { kind: 'add-route', to: 'fd00:8::/64', link: 'eth0', netns },
  { kind: 'add-route', to: '10.11.0.0/16', via: '10.12.0.1', onlink: true, link: 'eth0', netns },
  { kind: 'add-route', to: 'fd00:9::/64', via: 'fd00:a::1', onlink: true, link: 'eth0', netns },
  { kind: 'add-address', address: '192.0.2.1/32', link: 'lo' },
  ...tunnel('ndx4', 4, '192.0.2.1', '192.0.2.2'),
  ...tunnel('ndx6', 6, '2001:db8::1', '2001:db8::2'),
  {
    kind: 'add-vxlan',
    link: 'ndx0',
    mac: '02:6e:64:00:01:00',
    group,
    netns,
    vni: 16777215,
    port: 65535,
    local: '192.168.0.2',
    device: 'eth0',
    proxy: true,
  },
  { kind: 'add-neighbour', address: '192.168.0.7', mac: faraway, link: 'ndx0', netns },
  { kind: 'add-forwarding-entry', mac: faraway, link: 'ndx0', destination: '192.168.0.9', netns },
  { kind: 'add-policy-rule', to: '192.168.0.0/24', priority: 1 },
  { kind: 'add-policy-rule', to: 'fd00:7::/64', priority: 1 },
  { kind: 'announce', neighbour: '192.168.0.1', link: 'eth0', netns },
  { ...element, set: 'names', key: ['fwd'] },
  { ...element, set: 'pairs', key: ['nd-t', 'nd-t'] },
  { ...element, set: 'prefixes', key: ['192.168.0.0/24'] },
  { ...element, set: 'prefixes6', key: ['fd00:7::/64'] },
  { ...element, set: 'prefixes', key: ['192.168.1.0/24'] },
  { ...element, set: 'prefixes', key: ['10.0.0.0/8'] },
  { ...element, kind: 'add-element', set: 'prefixes', key: ['10.0.0.0/8'] },
  { ...element, set: 'ports4', key: ['udp', '53'], data: ['192.168.0.2', '5353'] },
  { ...element, set: 'ports6', key: ['fd00::1', 'sctp', '9'], data: ['fd00:7::2', '65535'] },
]
const removals: readonly Operation[] = [
  { kind: 'remove-route', to: '10.9.0.0/16', via: '192.168.0.9', link: 'eth0', netns },
  { kind: 'remove-route', to: 'default', via: 'fd00:7::1', link: 'eth0', netns },
  { kind: 'remove-route', to: '10.10.0.0/16', link: 'eth0', netns },
  { kind: 'remove-route', to: 'fd00:8::/64', link: 'eth0', netns },
  { kind: 'remove-route', to: '10.11.0.0/16', via: '10.12.0.1', onlink: true, link: 'eth0', netns },
  { kind: 'remove-route', to: 'fd00:9::/64', via: 'fd00:a::1', onlink: true, link: 'eth0', netns },
  {
    kind: 'remove-forwarding-entry',
    mac: faraway,
    link: 'ndx0',
    destination: '192.168.0.9',
    netns,
  },
  { kind: 'remove-forwarding-entry', mac: '02:42:c0:a8:00:04', link: 'ndx4' },
  { kind: 'remove-neighbour', address: '192.168.0.7', mac: faraway, link: 'ndx0', netns },
  { kind: 'remove-neighbour', address: 'fd00:7::7', mac: faraway, link: 'nd-t' },
  { kind: 'remove-address', address: 'fd00:7::2/64', link: 'eth0', netns },
  { kind: 'remove-policy-rule', to: '192.168.0.0/24', priority: 1 },
  { kind: 'remove-policy-rule', to: 'fd00:7::/64', priority: 1 },
  { ...element, kind: 'remove-element', set: 'names', key: ['fwd'] },
  { ...element, kind: 'remove-element', set: 'prefixes', key: ['192.168.0.0/24'] },
  { ...element, kind: 'remove-element', set: 'prefixes6', key: ['fd00:7::/64'] },
]
const gone = removals.slice(-1)

sandboxSuite('netlink', (test) => {
  test('netlink is available here: the tests below do not fall back to programs', async () => {
    assert.ok(await loadLibc())
  })

  test('after each step, the kernel has the same state as after the programs', async () => {
    const [first, second] = [await played(netlinkApplier), await played(batchApplier)]
    assert.is(first.length, 4)
    for (const [index, state] of first.entries())
      assert.equal(difference(state, second[index] ?? []), [], `after step ${index + 1}`)
    assert.ok(difference(first[0] ?? [], first[1] ?? []).length >= removals.length)
  })

  test('a refusal has the errno in words, and the kernel’s own sentence', async () => {
    for (const [operation, reason] of [
      [{ kind: 'add-route', to: 'default', via: '10.1.2.3', link: 'lo' }, 'invalid gateway'],
      [{ kind: 'add-address', address: '10.1.2.3/24', link: 'none' }, 'Cannot find device "none"'],
      [{ ...element, set: 'no', key: ['tcp', '1'] }, 'No such file or directory'],
    ] as const) {
      const refusal = await refusalOf(netlinkApplier.apply([operation]))
      assert.match(refusal, reason)
    }
  })

  test('connections are deleted by address or by port, and no others', async () => {
    const udp = (from: string, to: string, port: number) =>
      sh(`conntrack -I -p udp -s ${from} -d ${to} --sport 1024 --dport ${port} --timeout 100`)
    udp('10.0.0.2', '10.0.0.9', 53)
    udp('10.0.0.3', '10.0.0.2', 53)
    udp('10.0.0.3', '10.0.0.9', 80)
    udp('fd00::2', 'fd00::9', 53)
    await flush('--orig-src', '10.0.0.2')
    assert.equal(tracked(), ['10.0.0.3 10.0.0.2 53', '10.0.0.3 10.0.0.9 80', 'fd00::2 fd00::9 53'])
    await flush('--reply-src', '10.0.0.2')
    assert.equal(tracked(), ['10.0.0.3 10.0.0.9 80', 'fd00::2 fd00::9 53'])
    await flush('-p', 'tcp', '--orig-port-dst', '80')
    assert.is(tracked().length, 2, 'the port of another protocol')
    await flush('-p', 'udp', '--orig-port-dst', '80', '--orig-dst', '10.0.0.8')
    assert.is(tracked().length, 2, 'the port of another address')
    udp('10.0.0.4', '10.0.0.9', 53)
    // One dump of the table serves both families.
    await netlinkApplier.apply([
      forget('-p', 'udp', '--orig-port-dst', '80', '--orig-dst', '10.0.0.9'),
      forget('-f', 'ipv6', '--orig-src', 'fd00::2'),
    ])
    assert.equal(tracked(), ['10.0.0.4 10.0.0.9 53'])
    sh('conntrack -F')
  })

  test('after a removal returns, the device is gone and its name is free', async () => {
    // More than the thread pool has threads: some removals begin when others have ended.
    const links = Array.from({ length: 12 }, (_, n) => `v${n}`)
    for (const link of links) sh(`ip link add ${link} type veth peer name ${link}p`)
    await Promise.all(
      links.map(async (link) => {
        await netlinkApplier.apply([{ kind: 'remove-link', link }])
        assert.not.match(sh('ip -o link show'), new RegExp(` ${link}p?[@:]`))
      }),
    )
    const missing = netlinkApplier.apply([{ kind: 'remove-link', link: 'v0' }])
    assert.match(await refusalOf(missing), 'Cannot find device "v0"')
    const loopback = netlinkApplier.apply([{ kind: 'remove-link', link: 'lo' }])
    assert.match(await refusalOf(loopback), 'Operation not supported')
  })

  test('more changes at once than koffi allows calls: none is refused, and no descriptor stays open', async () => {
    const numbers = Array.from({ length: 300 }, (_, n) => n)
    sh('nft add table inet netdojo')
    sh(
      "nft 'add map inet netdojo ports { type inet_proto . inet_service : ipv4_addr . inet_service; }'",
    )
    const before = readdirSync('/proc/self/fd').length
    await Promise.all(
      numbers.map((n) =>
        netlinkApplier.apply([
          { ...element, set: 'ports', key: ['tcp', `${n + 1}`], data: ['10.0.0.2', '80'] },
        ]),
      ),
    )
    assert.is(sh('nft list map inet netdojo ports').match(/10\.0\.0\.2 \. 80/g)?.length, 300)
    sh('nft delete table inet netdojo')
    const until = performance.now() + 10_000
    while (readdirSync('/proc/self/fd').length > before && performance.now() < until)
      await sleep(10)
    assert.ok(readdirSync('/proc/self/fd').length <= before)
  })

  test('listening sockets: sock_diag returns the same as /proc', async () => {
    const libc = await loadLibc()
    await using servers = new AsyncDisposableStack()
    const bound = [
      [81, '0.0.0.0'],
      [82, '127.0.0.1'],
      [83, '::'],
      [84, '::1'],
      [85, '::ffff:127.0.0.1'],
    ] as const
    for (const [port, address] of bound)
      for (const udp of [false, true])
        servers.use(await serve(undefined, 'here', port, { udp, address }))
    // A connected socket must not be listed.
    assert.match(ask(undefined, '127.0.0.1', 82) ?? '', 'here sees')
    for (const protocol of ['tcp', 'udp'] as const) {
      const asked = libc && askForListeners(libc, protocol)?.map(line).toSorted()
      assert.equal(asked, listenersInFiles(protocol).map(line).toSorted(), protocol)
      assert.equal(
        asked?.map((text) => text.replace(/ \d+$/, '')),
        ['81 *', '82 127.0.0.1', '83 *', '84 ::1', '85 127.0.0.1'],
        protocol,
      )
    }
  })
})

function line({ port, address, inode }: Listener): string {
  return `${port} ${address ?? '*'} ${inode}`
}

/** The state after the plan, after some removals, and after the plan's undo. */
async function played(applier: Applier): Promise<readonly KernelState[]> {
  sh('ip netns add c1')
  sh(`nft 'add table inet netdojo
    add set inet netdojo names { type ifname; }
    add set inet netdojo pairs { type ifname . ifname; }
    add set inet netdojo prefixes { type ipv4_addr; flags interval; }
    add set inet netdojo prefixes6 { type ipv6_addr; flags interval; }
    add map inet netdojo ports4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
    add map inet netdojo ports6 {
      type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }'`)
  const states: KernelState[] = []
  for (const [operations, tolerant] of [
    [plan, false],
    [removals, false],
    // A missing object is no error.
    [gone, false],
    [undoPlan(plan), true],
  ] as const) {
    await applier.apply(operations, { tolerant })
    states.push(await kernelState(['c1']))
  }
  sh('nft delete table inet netdojo; ip netns delete c1')
  return states
}

async function flush(...filter: readonly string[]): Promise<void> {
  await netlinkApplier.apply([forget(...filter)])
}

function forget(...filter: readonly string[]): Operation {
  return { kind: 'flush-connections', filter }
}

/** `FROM TO PORT` of each. */
function tracked(): readonly string[] {
  const all = sh('conntrack -L -f ipv4 2>/dev/null; conntrack -L -f ipv6 2>/dev/null')
  return [...all.matchAll(/^udp .*?src=(\S+) dst=(\S+) sport=\d+ dport=(\d+)/gm)]
    .map(([, from, to, port]) => `${from} ${to} ${port}`)
    .toSorted()
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  return error instanceof Error ? error.message : ''
}

// Applies plans to the real kernel by both appliers: afterwards the kernel has exactly the plan's objects, and its undo leaves nothing.
import * as assert from 'uvu/assert'
import { NetdojoError } from '../../lib/errors.ts'
import { batchApplier } from '../../lib/kernel/apply.ts'
import type { Applier } from '../../lib/kernel/plan.ts'
import { commandOf } from '../../lib/kernel/command.ts'
import { netlinkApplier } from '../../lib/kernel/apply.ts'
import type { Operation } from '../../lib/kernel/operation.ts'
import { readNodeStates } from '../../lib/kernel/state/read.ts'
import { rollBack } from '../../lib/kernel/undo.ts'
import { undoPlan } from '../../lib/kernel/undo.ts'
import type { DefineTest } from '../helpers/suite.ts'
import { rejects } from '../helpers/expect.ts'
import { sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'

const netns = '/run/netns/c1'
const group = 28260

const plan: readonly Operation[] = [
  { kind: 'add-bridge', link: 'nd-t', mac: '02:6e:64:00:00:01', mtu: 1400, group },
  { kind: 'set-link', link: 'nd-t', alias: 'netdojo/t', up: true },
  { kind: 'add-address', address: '192.168.0.1/24', link: 'nd-t' },
  {
    kind: 'add-veth',
    link: 'ndv1',
    mac: '02:6e:64:00:00:02',
    mtu: 1400,
    group,
    bridge: 'nd-t',
    peer: { link: 'eth0', mac: '02:42:c0:a8:00:02', netns },
  },
  {
    kind: 'set-link',
    link: 'ndv1',
    alias: 'netdojo/t/e',
    linkLocal: false,
    up: true,
    port: { hairpin: true, isolated: false },
  },
  { kind: 'set-sysctl', key: 'net/ipv6/conf/eth0/disable_ipv6', value: '1', netns },
  { kind: 'set-link', link: 'eth0', up: true, netns },
  { kind: 'add-address', address: '192.168.0.2/24', link: 'eth0', netns },
  { kind: 'add-route', to: 'default', via: '192.168.0.1', link: 'eth0', netns },
  { kind: 'announce', neighbour: '192.168.0.1', link: 'eth0', netns },
  { kind: 'create-table', table: 'netdojo', owner: 'me', body: ['set networks { type ifname; }'] },
  { kind: 'create-element', table: 'netdojo', set: 'networks', key: ['nd-t'] },
]

/** An endpoint on another host. */
const faraway = { mac: '02:42:0a:50:00:07', link: 'vx0' } as const

/** A tunnel as a port of the bridge br0, which another plan made. */
const vxlan = {
  kind: 'add-vxlan',
  link: 'vx0',
  mac: '02:6e:64:00:00:03',
  mtu: 1450,
  group,
  bridge: 'br0',
  vni: 42,
  port: 4789,
  local: '192.0.2.1',
} as const
const entry = { kind: 'add-forwarding-entry', ...faraway, destination: '192.0.2.2' } as const
const neighbour = {
  kind: 'add-neighbour',
  address: '10.80.0.7',
  mac: faraway.mac,
  link: 'br0',
} as const
const tunnel: readonly Operation[] = [
  vxlan,
  {
    kind: 'set-link',
    link: 'vx0',
    up: true,
    port: { hairpin: false, isolated: false, learning: false, neighbourSuppression: true },
  },
  entry,
  { kind: 'add-forwarding-entry', ...faraway },
  neighbour,
]

sandboxSuite('kernel apply', (test, slow) => {
  for (const [name, applier, define] of [
    ['netlink', netlinkApplier, test],
    ['a process a batch', batchApplier, slow],
  ] as const)
    defineAll((title, body) => define(`${name}: ${title}`, body), applier)
})

function defineAll(test: DefineTest, applier: Applier): void {
  test('after apply, bridge, veth, addresses and table exist; undo removes them', async () => {
    sh('ip netns add c1')
    await applier.apply(plan)
    const [host, inside] = await statesOf('/proc/self/ns/net', netns)
    const bridge = host?.links.find(({ name }) => name === 'nd-t')
    assert.is(bridge?.kind, 'bridge')
    assert.is(bridge?.alias, 'netdojo/t')
    assert.is(bridge?.group, String(group))
    assert.is(bridge?.mac, '02:6e:64:00:00:01')
    assert.is(bridge?.mtu, 1400)
    const [port] = host?.ports ?? []
    assert.equal(
      [port?.link, port?.bridge, port?.hairpin, port?.isolated],
      ['ndv1', 'nd-t', true, false],
    )
    const eth0 = inside?.links.find(({ name }) => name === 'eth0')
    assert.equal(
      eth0?.addresses.map(({ address, prefix }) => `${address}/${prefix}`),
      ['192.168.0.2/24'],
      'IPv6 is off: no link-local address',
    )
    assert.ok(inside?.routes.some(({ to, via }) => to === 'default' && via === '192.168.0.1'))
    assert.match(sh('nft list table inet netdojo'), 'nd-t')
    assert.ok(succeeds('ping -c 1 -W 2 192.168.0.2'))

    await applier.apply(undoPlan(plan), { tolerant: true })
    assert.not.match(sh('ip -br link'), /nd-t|ndv1/)
    assert.not(succeeds('nft list table inet netdojo'))
    await applier.apply(undoPlan(plan), { tolerant: true })
    sh('ip netns delete c1')
  })

  test('the commands of a plan, typed in a shell, create the same network', async () => {
    sh('ip netns add c1')
    sh(plan.map(commandOf).join('\n'))
    assert.ok(succeeds('ping -c 1 -W 2 192.168.0.2'))
    assert.match(sh('nft list table inet netdojo'), 'nd-t')
    sh(`${undoPlan(plan).map(commandOf).join('\n')}\ntrue`)
    sh('ip netns delete c1')
    assert.not.match(sh('ip -br link'), /nd-t|ndv1/)
    const there = tunnel.map((operation) => ({ ...operation, netns: '/run/netns/c1' }))
    assert.equal(there.map(commandOf), [
      'ip -n c1 link add name vx0 address 02:6e:64:00:00:03 mtu 1450 group 28260 master br0 type vxlan id 42 dstport 4789 local 192.0.2.1 nolearning',
      'ip -n c1 link set dev vx0 up type bridge_slave hairpin off isolated off learning off neigh_suppress on',
      'bridge -n c1 fdb add 02:42:0a:50:00:07 dev vx0 dst 192.0.2.2 self permanent',
      'bridge -n c1 fdb add 02:42:0a:50:00:07 dev vx0 master static',
      'ip -n c1 neighbor add 10.80.0.7 lladdr 02:42:0a:50:00:07 dev br0 nud permanent',
    ])
    sh('ip netns add c1; ip -n c1 link add name br0 type bridge; ip -n c1 link set br0 up')
    sh(there.map(commandOf).join('\n'))
    assert.match(sh('bridge -n c1 fdb show dev vx0'), 'dst 192.0.2.2 self permanent')
    await rollBack(applier, there)
    assert.not.match(sh('ip -n c1 link; ip -n c1 neighbour'), /vx0|10\.80\.0\.7/)
    sh('ip netns delete c1')
  })

  test('the reader shows tunnel, forwarding and neighbour entries; undo removes what others did not change', async () => {
    sh('ip link add name br0 type bridge; ip link set br0 up')
    await applier.apply(tunnel)
    const [state] = (await readNodeStates([{ name: 'host' }])).states
    const link = state?.links.find(({ name }) => name === 'vx0')
    assert.equal(link?.vxlan, { id: 42, port: 4789, local: '192.0.2.1', learning: false })
    assert.is(link?.mtu, 1450)
    const port = state?.ports.find(({ link }) => link === 'vx0')
    assert.equal([port?.learning, port?.neighbourSuppression], [false, true])
    assert.equal(
      state?.forwarding.filter((entry) => entry.mac === faraway.mac),
      [
        { mac: faraway.mac, link: 'vx0', bridge: 'br0', learned: false },
        { mac: faraway.mac, link: 'vx0', destination: '192.0.2.2', learned: false },
      ],
    )
    assert.equal(
      state?.neighbours.filter(({ link }) => link === 'br0'),
      [{ family: 4, address: '10.80.0.7', link: 'br0', mac: faraway.mac, state: 'PERMANENT' }],
    )
    // Entries of devices that stay are removed one by one, and an entry that leads to another host by now stays.
    await rollBack(applier, tunnel.slice(2))
    assert.not.match(sh('bridge fdb show; ip neighbour show nud permanent'), faraway.mac)
    await applier.apply(tunnel.slice(2))
    sh(`bridge fdb replace ${faraway.mac} dev vx0 dst 192.0.2.3 self permanent`)
    await rollBack(applier, tunnel.slice(2))
    assert.match(sh('bridge fdb show dev vx0'), '192.0.2.3 self permanent')
    await rollBack(applier, tunnel)
    await rollBack(applier, tunnel)
    assert.not(succeeds('ip link show vx0'))
    sh('ip link delete br0')
  })

  test('of many entries, those that the kernel refuses or whose device is gone are named, and the others are set', async () => {
    sh('ip link add name br0 type bridge; ip link set br0 up')
    await applier.apply(tunnel.slice(0, 2))
    const entries = Array.from({ length: 250 }, (_, index): Operation[] => {
      const mac = `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`
      const address = `10.80.1.${index}`
      return [
        { kind: 'replace-forwarding-entry', mac, link: 'vx0', destination: '192.0.2.2' },
        { kind: 'replace-forwarding-entry', mac, link: index === 120 ? 'none' : 'vx0' },
        { kind: 'replace-neighbour', address, mac, link: 'br0' },
      ]
    }).flat()
    await rejects('kernel-refused', applier.apply(entries))
    await rejects('kernel-refused', applier.apply(entries, { tolerant: true }))
    const count = (line: string) => Number(sh(line).trim())
    assert.is(count('ip neighbour show dev br0 nud permanent | wc -l'), 250)
    assert.is(count('bridge fdb show dev vx0 | grep -c "dst 192.0.2.2"'), 250)
    assert.is(count('bridge fdb show dev vx0 | grep -c "02:00:00:00:00:.* master br0 static"'), 249)
    sh('ip link delete vx0; ip link delete br0')
  })

  test('a tunnel, an entry or a number that is taken or out of range: a reason with the value', async () => {
    sh('ip link add name br0 type bridge; ip link set br0 up')
    await applier.apply(tunnel)
    for (const [operation, code, reason] of [
      [
        { ...vxlan, link: 'vx1' },
        'interface-exists',
        'a VXLAN device with the VNI 42 already exists on UDP port 4789',
      ],
      [{ ...vxlan, vni: 43 }, 'interface-exists', 'an interface named vx0 already exists'],
      [
        entry,
        'kernel-refused',
        `the forwarding table already has an entry for ${faraway.mac} on vx0`,
      ],
      [
        neighbour,
        'kernel-refused',
        'the neighbour table already has an entry for 10.80.0.7 on br0',
      ],
      [
        { ...vxlan, vni: 2 ** 24 },
        'usage',
        'it must be a whole number from 1 to 16777215, not 16777216',
      ],
      [{ ...vxlan, port: 0 }, 'usage', 'it must be a whole number from 1 to 65535, not 0'],
    ] as const) {
      const error = await thrownBy(applier.apply([operation]))
      assert.equal([error.code, error.reason], [code, reason])
    }
    await rollBack(applier, tunnel)
    sh('ip link delete br0')
  })

  test('replacing a route twice leaves one route, and its undo leaves it alone', async () => {
    sh('ip netns add c1; ip -n c1 link add eth0 type bridge; ip -n c1 link add eth1 type bridge')
    for (const [link, net] of [
      ['eth0', 1],
      ['eth1', 2],
    ] as const)
      sh(
        `ip -n c1 link set ${link} up; ip -n c1 address add 10.9.${net}.2/24 dev ${link}; ip -n c1 address add fd00:${net}::2/64 dev ${link} nodad`,
      )
    const lead = (link: string, net: number): readonly Operation[] =>
      [`10.9.${net}.1`, `fd00:${net}::1`].map((via) => ({
        kind: 'replace-route',
        to: 'default',
        via,
        link,
        netns,
      }))
    for (const plan of [lead('eth0', 1), lead('eth0', 1), lead('eth1', 2), lead('eth1', 2)])
      await applier.apply(plan)
    assert.equal(undoPlan(lead('eth1', 2)), [])
    for (const family of ['-4', '-6'])
      assert.equal(
        sh(`ip -n c1 ${family} route show default`).match(/dev \S+/g),
        ['dev eth1'],
        family,
      )
    // What is gone is no error when another endpoint has left.
    sh('ip -n c1 link delete eth1')
    await applier.apply(lead('eth1', 2), { tolerant: true })
    sh('ip netns delete c1')
    await applier.apply(lead('eth0', 1), { tolerant: true })
  })

  test('a refusal names its command; the operations before it are applied and can be undone', async () => {
    const error = await thrownBy(applier.apply([...plan.slice(0, 3), ...plan.slice(3)]))
    assert.is(error.code, 'netns-missing')
    assert.is(error.reason, `no network namespace exists at ${netns}`)
    assert.match(error.message, 'ip link add name ndv1')
    assert.ok(succeeds('ip link show nd-t'))
    await applier.apply(undoPlan(plan), { tolerant: true })
    assert.not(succeeds('ip link show nd-t'))
  })

  test('an existing interface is refused; a removal goes on after a missing one', async () => {
    await applier.apply(plan.slice(0, 1))
    const exists = await thrownBy(applier.apply(plan.slice(0, 1)))
    assert.equal(
      [exists.code, exists.reason],
      ['interface-exists', 'an interface named nd-t already exists'],
    )
    await applier.apply(
      [
        { kind: 'remove-link', link: 'nd-none' },
        { kind: 'remove-link', link: 'nd-t' },
      ],
      { tolerant: true },
    )
    assert.not(succeeds('ip link show nd-t'))
  })

  test('a refusal quotes the value; a sysctl that this kernel lacks is skipped', async () => {
    const key = 'net/ipv4/conf/lo/rp_filter'
    const refused = await thrownBy(applier.apply([{ kind: 'set-sysctl', key, value: 'x' }]))
    assert.is(refused.message, `cannot run "sysctl -w ${key}=x": ${key} does not accept 'x'`)
    await applier.apply([{ kind: 'set-sysctl', key: 'net/ipv4/no_such', value: '1' }])
    const gateway = { kind: 'add-route', to: 'default', via: '10.1.2.3', link: 'lo' } as const
    const { reason } = await thrownBy(applier.apply([gateway]))
    assert.match(reason, /(^|: )Nexthop has invalid gateway$/)
  })

  test('removing elements goes on after an element with other data, and keeps that element', async () => {
    const element = { table: 'netdojo', set: 'm', key: ['tcp', '80'], data: ['10.0.0.2', '80'] }
    const other = { ...element, key: ['tcp', '81'] }
    await applier.apply([
      {
        kind: 'create-table',
        table: 'netdojo',
        owner: 'me',
        body: ['map m { type inet_proto . inet_service : ipv4_addr . inet_service; }'],
      },
      { kind: 'create-element', ...element, data: ['10.0.0.9', '80'] },
      { kind: 'create-element', ...other },
    ])
    assert.is(
      (await thrownBy(applier.apply([{ kind: 'create-element', ...element }]))).code,
      'port-in-use',
    )
    await applier.apply(
      [
        { kind: 'remove-element', ...element },
        { kind: 'remove-element', ...other },
        { kind: 'remove-element', ...other },
      ],
      { tolerant: true },
    )
    const table = sh('nft list table inet netdojo')
    assert.match(table, 'tcp . 80 : 10.0.0.9 . 80')
    assert.not.match(table, 'tcp . 81')
    const removal = { kind: 'remove-table', table: 'netdojo' } as const
    await applier.apply([{ ...removal, owner: 'other' }], { tolerant: true })
    assert.ok(succeeds('nft list table inet netdojo'), 'a table of another owner stays')
    await applier.apply([{ ...removal, owner: 'me' }])
    assert.not(succeeds('nft list table inet netdojo'))
  })

  test('a rollback keeps an interface with the same name that another program made', async () => {
    sh('ip link add nd-t type bridge; ip address add 192.168.0.1/24 dev nd-t')
    await rollBack(applier, plan)
    assert.match(sh('ip address show nd-t'), '192.168.0.1/24')
    sh('ip link delete nd-t')
    await applier.apply(plan.slice(0, 3))
    await rollBack(applier, plan)
    assert.not(succeeds('ip link show nd-t'))
  })

  test('an interface can have a name that is a keyword of `ip` or `nft`', async () => {
    for (const link of ['up', 'br', 'type', 'dev', 'fwd']) {
      await applier.apply([
        { kind: 'add-bridge', link, mac: '02:6e:64:00:00:01', group },
        { kind: 'set-link', link, alias: 'netdojo/t', up: true },
        { kind: 'add-address', address: '192.168.0.1/24', link },
      ])
      assert.match(sh(`ip address show dev ${link}`), '192.168.0.1/24')
      await applier.apply([{ kind: 'remove-link', link }])
    }
    await applier.apply([
      { kind: 'create-table', table: 'netdojo', owner: 'me', body: ['set s { type ifname; }'] },
      { kind: 'create-element', table: 'netdojo', set: 's', key: ['fwd'] },
      { kind: 'remove-table', table: 'netdojo', owner: 'me' },
    ])
  })

  test('a value that is more than one word never reaches a program', async () => {
    for (const link of ['a b', 'a\nlink delete eth0', '-force', '', 'x;reboot', '$(id)', 'a"b']) {
      const error = await thrownBy(
        applier.apply([{ kind: 'add-bridge', link, mac: '02:00:00:00:00:01', group }]),
      )
      assert.is(error.code, 'usage', JSON.stringify(link))
    }
  })
}

async function statesOf(...paths: readonly string[]) {
  const nodes = paths.map((netns) => ({ name: netns, netns }))
  return (await readNodeStates(nodes, ['routes'])).states
}

async function thrownBy(promise: Promise<unknown>): Promise<NetdojoError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof NetdojoError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

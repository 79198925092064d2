// Checks that kernel and records agree after failures, aborts, reboots and changes by other programs.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NetdojoError, openNetworks, type NetworkDriver } from '../../lib/index.ts'
import type { Applier } from '../../lib/kernel/plan.ts'
import { netlinkApplier } from '../../lib/kernel/apply.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { audit } from '../helpers/audit.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'

const nothing: NetworkDriver = {
  name: 'nothing',
  options: {},
  networkInterface: ({ id }) => `no-${id.slice(0, 12)}`,
  endpointInterface: (id) => `no-${id.slice(0, 12)}`,
  prepare: async () => {},
  create: () => [],
  remove: () => [],
  connect: () => [],
  disconnect: () => [],
  check: async () => ({ steps: [], lost: [] }),
}

networkSuite('recovery', (test, slow) => {
  test('a failure in the middle is rolled back: address, port and devices are free again', async () => {
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory })
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const netns = namespace('c1')
    sh('ip -n c1 link add eth0 type bridge')
    const request = { netns, interface: 'eth0', ports: ['8080:80'] }
    assert.is(await codeOf(web.connect(request)), 'interface-exists')
    await audit(stateDirectory, 'nftables')
    assert.ok(succeeds('ip -n c1 link show eth0 type bridge'), 'theirs is left alone')
    // The table is not there when the ports come: everything else has been done by then.
    sh('ip -n c1 link delete eth0')
    sh('nft delete table inet netdojo')
    await web.connect({ netns, ports: ['8080:80'] })
    await audit(stateDirectory, 'nftables')
    await web.remove({ force: true })
  })

  slow('an aborted change is rolled back, and rejects with aborted', async () => {
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory })
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const netns = namespace('c1')
    assert.is(await codeOf(web.connect({ netns }, { signal: AbortSignal.abort() })), 'aborted')
    for (const milliseconds of [1, 4, 8, 16, 32]) {
      const signal = AbortSignal.timeout(milliseconds)
      const endpoint = await web
        .connect({ netns, ports: ['8080:80'] }, { signal })
        .catch((error: unknown) => {
          assert.is(error instanceof NetdojoError && error.code, 'aborted')
        })
      await audit(stateDirectory, 'nftables')
      await endpoint?.disconnect()
    }
    await web.remove()
  })

  test('reconcile: the address and the port of a removed namespace are free again (plugins 810)', async () => {
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory })
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const endpoint = await web.connect({ netns: namespace('c1'), ports: ['8080:80'] })
    const other = await web.connect({ netns: namespace('c2'), ports: ['8081:80'] })
    sh('ip netns delete c1')
    while (succeeds(`ip link show ${endpoint.hostInterface}`)) sh('sleep 0.05')
    const { lost } = await networks.reconcile()
    assert.equal(lost, [endpoint])
    await audit(stateDirectory, 'nftables')
    // And one that was not reconciled is disconnected without its namespace.
    sh('ip netns delete c2')
    await other.disconnect()
    await audit(stateDirectory, 'nftables')
  })

  for (const firewall of ['nftables', 'iptables'] as const) {
    const define = firewall === 'nftables' ? test : slow
    define(
      `reconcile: a flushed firewall comes back, ${firewall} (CVE-2025-54388, CVE-2025-54410)`,
      async () => {
        await using networks = await open({ firewall })
        await using web = await networks.create({
          name: 'web',
          subnet: '10.77.0.0/24',
          subnet6: true,
        })
        await networks.create({ name: 'inner', subnet: '10.77.1.0/24', internal: true })
        await web.connect({
          netns: namespace('c1'),
          ports: ['127.0.0.1:8080:80', '[2001:db8:113::2]:8080:80', '53:53/udp'],
        })
        const before = ownRules()
        assert.equal((await networks.reconcile()).repaired, [], 'nothing to do')
        sh('nft flush ruleset')
        assert.is((await networks.reconcile()).repaired.length, 1)
        assert.is(ownRules(), before)
        sh('nft delete element inet netdojo networks { "nd-web" } || iptables -t nat -F OUTPUT')
        assert.is((await networks.reconcile()).repaired.length, 1)
        assert.is(ownRules(), before)
        await networks.remove('inner')
      },
    )
  }

  test('reconcile: a cleared forwarding sysctl is set again', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const c1 = namespace('c1')
    await web.connect({ netns: c1 })
    sh('sysctl -qw net.ipv4.ip_forward=0')
    assert.not(pings(c1, '198.51.100.1'))
    assert.equal((await networks.reconcile()).repaired, ['Switch forwarding on'])
    assert.ok(pings(c1, '198.51.100.1'))
    assert.equal((await networks.reconcile()).repaired, [])
  })

  slow('reconcile: a deleted bridge is created again, without its former endpoints', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    await web.connect({ netns: namespace('c1') })
    sh('ip link delete nd-web')
    const { lost } = await networks.reconcile()
    assert.is(lost.length, 1)
    assert.match(sh('ip address show nd-web'), '10.77.0.1/24')
  })

  test('a reboot releases the addresses of ended endpoints, and networks are rebuilt (cni 204, plugins 252)', async () => {
    const directory = newDirectory()
    const c1 = namespace('c1')
    {
      const store = await openSqliteStore({ directory })
      await using networks = await openNetworks({ store, drivers: [nothing] })
      // A driver that cannot tell what is gone: no namespace survives a boot all the same.
      const idle = await networks.create({ name: 'idle', driver: 'nothing' })
      await idle.connect({ netns: c1 })
      const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      await web.connect({ netns: c1, ports: ['8080:80'] })
    }
    sh('ip link delete nd-web; ip netns delete c1; nft flush ruleset')
    const store = await openSqliteStore({ directory, bootId: 'the-next-boot' })
    await using networks = await openNetworks({ store, drivers: [nothing] })
    await using web = await networks.get('web')
    const endpoint = await web.connect({ netns: namespace('c1'), ports: ['8080:80'] })
    assert.equal(await networks.endpoints(), [endpoint])
    assert.ok(pings('/run/netns/c1', '198.51.100.1'))
  })

  test('a device that the kernel removes between check and removal is no error', async () => {
    const directory = newDirectory()
    {
      await using networks = await open({ stateDirectory: directory })
      const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
      await web.connect({ netns: namespace('c1') })
    }
    // As its namespace's end does; by then reconcile has seen it.
    let taken = 0
    const applier: Applier = {
      ...netlinkApplier,
      async apply(plan, options) {
        for (const operation of plan)
          if (operation.kind === 'remove-link') {
            sh(`ip link delete ${operation.link}`)
            taken++
          }
        await netlinkApplier.apply(plan, options)
      },
    }
    // Its endpoint cannot come back, and so its end on the host is removed.
    sh('ip link delete nd-web')
    await using networks = await openNetworks({ stateDirectory: directory, applier })
    await networks.reconcile()
    assert.is(taken, 1)
    assert.equal(await networks.endpoints(), [])
    await audit(directory, 'nftables')
    await networks.remove('web')
  })

  test('records that were lost take no living container with them, unless somebody says so', async () => {
    const stateDirectory = newDirectory()
    const path = join(stateDirectory, 'state.sqlite')
    const c1 = namespace('c1')
    {
      await using networks = await openNetworks({ stateDirectory })
      await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    }
    const before = readFileSync(path)
    let link = ''
    {
      await using networks = await openNetworks({ stateDirectory })
      link = (await networks.connect('web', { netns: c1, ports: ['8080:80'] })).hostInterface
    }
    // A disk that lost the last changes, as a damaged log or an old backup.
    writeFileSync(path, before)
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
    await using server = await serve(c1, 'c1', 80)
    assert.ok(server)
    await using networks = await openNetworks({ stateDirectory })
    assert.equal(await networks.endpoints(), [])
    const { strays, repaired } = await networks.reconcile()
    assert.equal({ strays, repaired }, { strays: [link], repaired: [] })
    assert.match(ask('/run/netns/outside', '203.0.113.2', 8080) ?? '', 'c1 sees')
    // What is known is repaired meanwhile, and what is not stays.
    sh('nft flush chain inet netdojo forward')
    await networks.reconcile()
    assert.match(sh('nft list chain inet netdojo forward'), '@networks')
    const cleared = await networks.reconcile({ removeStrays: true })
    assert.equal(cleared.strays, [])
    await audit(stateDirectory, 'nftables')
    await networks.remove('web')
  })

  test('an onPlan that throws stops the change before the kernel sees it, and leaves no journal entry', async () => {
    const stateDirectory = newDirectory()
    const refusal = new Error('not today')
    let refused: string | undefined
    await using networks = await openNetworks({
      stateDirectory,
      onPlan: ({ change }) => {
        if (change === refused) throw refusal
      },
    })
    const thrown = async (change: string, attempt: () => Promise<unknown>) => {
      refused = change
      const error: unknown = await attempt().catch((error: unknown) => error)
      refused = undefined
      assert.is(error, refusal)
      await audit(stateDirectory, 'nftables')
    }
    await thrown('create', () => networks.create({ name: 'web', subnet: '10.77.0.0/24' }))
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const netns = namespace('c1')
    await thrown('connect', () => web.connect({ netns, ports: ['8080:80'] }))
    const endpoint = await web.connect({ netns, ports: ['8080:80'] })
    await thrown('disconnect', () => endpoint.disconnect())
    assert.ok(pings(netns, '10.77.0.1'))
    await endpoint.disconnect()
    await thrown('remove', () => web.remove())
    await web.remove()
  })

  test('a plan with an operation that nothing can apply is refused whole', async () => {
    const odd: NetworkDriver = {
      ...nothing,
      name: 'odd',
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a driver in JavaScript may return
      create: () => [{ title: 'Odd', operations: [{ kind: 'add-wire' } as never] }],
    }
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory, drivers: [odd] })
    const error = await errorOf(networks.create({ name: 'web', driver: 'odd' }))
    assert.is(
      error.message,
      "cannot apply the plan of the driver odd: 'add-wire' is not a kind of operation",
    )
    await audit(stateDirectory, 'nftables')
  })

  test('who opens one store twice has one lock', async () => {
    const store = openMemoryStore()
    await using one = await openNetworks({ store })
    await one.create({ name: 'web', subnet: '10.77.0.0/24' })
    await using other = await openNetworks({ store })
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`)
    const endpoints = await Promise.all(
      names.map((name, index) =>
        (index % 2 ? one : other).connect('web', { netns: namespace(name) }),
      ),
    )
    assert.is((await one.endpoints()).length, names.length)
    for (const { netns } of endpoints) assert.ok(pings(netns, '10.77.0.1'))
    await one.remove('web', { force: true })
  })

  test('a process without CAP_NET_ADMIN is told so, and nothing is left', async () => {
    const stateDirectory = newDirectory()
    const file = join(import.meta.dirname, 'refused-change.process.ts')
    const attempts = `${process.execPath} ${file} ${stateDirectory}`
    const told = 'not-permitted\n0\nnot-permitted\n0\n'
    assert.is(sh(`setpriv --bounding-set -net_admin --inh-caps -net_admin ${attempts}`), told)
    // All capabilities, but in a user namespace that does not own this network.
    assert.is(sh(`unshare --user --map-root-user ${attempts}`), told)
    await audit(stateDirectory, 'nftables')
  })

  slow(
    'two state directories: the second label works beside the first, one label twice is refused',
    async () => {
      await using first = await open()
      await using a = await first.create({ name: 'a', subnet: '10.77.0.0/24' })
      await using second = await open()
      assert.is(
        await codeOf(second.create({ name: 'b', subnet: '10.77.1.0/24' })),
        'firewall-taken',
      )
      assert.not(succeeds('ip link show nd-b'), 'taken back')
      assert.match(sh('nft list table inet netdojo'), 'nd-a')
      const stateDirectory = newDirectory()
      await using third = await open({ label: 'mine', stateDirectory })
      await using c = await third.create({ name: 'c', subnet: '10.77.2.0/24' })
      assert.match(sh('nft list table inet mine'), c.interface)
      assert.is(await codeOf(open({ label: 'other', stateDirectory })), 'usage')
      assert.is(await codeOf(open({ firewall: 'iptables', stateDirectory })), 'usage')
      await using again = await open({ stateDirectory })
      assert.equal((await again.reconcile()).repaired, [], 'the label is remembered')
      await a.remove()
    },
  )

  slow('many changes at once from one process run one after the other', async () => {
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory })
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const spaces = ['c1', 'c2', 'c3', 'c4', 'c5'].map(namespace)
    const endpoints = await Promise.all(
      spaces.map((netns, index) => web.connect({ netns, ports: [`${8000 + index}:80`] })),
    )
    assert.is(new Set(endpoints.flatMap(({ addresses }) => addresses)).size, 5)
    await audit(stateDirectory, 'nftables')
    await Promise.all(endpoints.map((endpoint) => endpoint.disconnect()))
    await audit(stateDirectory, 'nftables')
  })

  slow('networks in memory end with their process; a closed object refuses calls', async () => {
    const networks = await openNetworks({ store: openMemoryStore() })
    const network = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    await network.remove()
    await networks[Symbol.asyncDispose]()
    assert.is(await codeOf(networks.list()), 'closed')
    assert.is(await codeOf(networks.create({ name: 'web' })), 'closed')
  })
})

function ownRules(): string {
  return sh('nft list table inet netdojo || (iptables-save; ip6tables-save) | grep NETDOJO | sort')
}

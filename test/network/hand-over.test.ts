// An interface that is handed over stays on the host until an engine moves it: the records say so, and disconnect, check and recovery are right before and after the move.
import { writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { batchApplier, explain, openNetworks, type NetworkDriver } from '../../lib/index.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { audit } from '../helpers/audit.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'

const subnet = '10.5.0.0/24'
const pings = (address: string) => succeeds(`ip netns exec e1 ping -c 1 -w 20 ${address}`)
const hasLink = (name: string) => succeeds(`ip link show ${name}`)

/** What an engine does with the interface: it moves and renames it, and sets what the endpoint says. */
function moveByEngine(link: string, { addresses }: { readonly addresses: readonly string[] }) {
  sh(`ip netns list | grep -q '^e1' || ip netns add e1; ip link set ${link} netns e1 name eth7`)
  for (const address of addresses) sh(`ip -n e1 address add ${address} dev eth7`)
  sh('ip -n e1 link set lo up; ip -n e1 link set eth7 up; ip -n e1 route add default via 10.5.0.1')
}

networkSuite('hand-over', (test) => {
  test('the engine moves the interface, and the container has the network, its ports and the way out', async () => {
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const web = await networks.create({ name: 'web', subnet, mtu: 1400 })
    const endpoint = await web.connect({ handOver: 'move-me', ports: ['8080:80'] })
    assert.equal(
      [endpoint.attachment, endpoint.interface, endpoint.netns, endpoint.defaultRoute],
      ['handed-over', 'move-me', undefined, false],
    )
    assert.not.ok('netns' in endpoint || 'netnsInode' in endpoint)
    assert.match(
      sh('ip link show move-me'),
      new RegExp(`mtu 1400.*link/ether ${endpoint.mac}`, 's'),
    )
    assert.equal(await endpoint.check(), [])
    assert.equal((await networks.reconcile()).strays, [])
    moveByEngine('move-me', endpoint)
    assert.not.ok(hasLink('move-me'))
    assert.ok(pings('10.5.0.1') && pings('198.51.100.1'))
    const server = spawn('ip', ['netns', 'exec', 'e1', 'serve', '80'], { stdio: 'pipe' })
    await once(server.stdout, 'data')
    const fetched = succeeds(
      'ip netns exec outside curl -s --retry 5 --retry-connrefused --max-time 20 http://203.0.113.2:8080',
    )
    server.kill()
    assert.ok(fetched)
    assert.equal(await endpoint.check(), [])
    assert.equal(await networks.endpoint('web', endpoint.id), endpoint)
    const { lost, repaired, strays } = await networks.reconcile()
    assert.equal([lost, repaired, strays], [[], [], []])
    await audit(stateDirectory, 'nftables')
    // Its frames must have its own addresses as their source, as in a namespace that we enter.
    sh('ip -n e1 address add 10.5.0.99/24 dev eth7')
    assert.not.ok(succeeds('ip netns exec e1 ping -c 1 -W 1 -I 10.5.0.99 10.5.0.1'))
    sh(`ip link set ${endpoint.hostInterface} down`)
    assert.equal(
      (await endpoint.check()).map(({ part }) => part),
      ['host-interface'],
    )
    sh(`ip link set ${endpoint.hostInterface} up`)
    await endpoint.disconnect()
    assert.not.ok(succeeds('ip -n e1 link show eth7') || hasLink(endpoint.hostInterface))
    assert.not.match(sh('nft list ruleset'), /8080|10\.5\.0\.2/)
    await audit(stateDirectory, 'nftables')
    await web.remove()
  })

  test('it is disconnected before the engine has moved it, and freed when its namespace has ended', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet })
    const first = await web.connect({ handOver: 'one' })
    await first.disconnect()
    assert.not.ok(hasLink('one'))
    const second = await web.connect({ handOver: 'one', address: '10.5.0.9', key: 'k' })
    moveByEngine('one', second)
    assert.is((await web.connect({ handOver: 'one', key: 'k' })).id, second.id)
    sh('ip netns delete e1')
    const third = await web.connect({ handOver: 'two', address: '10.5.0.9', key: 'other' })
    assert.equal(
      (await networks.endpoints()).map(({ id }) => id),
      [third.id],
    )
    sh('ip link delete two')
    assert.equal(
      (await networks.reconcile()).lost.map(({ id }) => id),
      [third.id],
    )
    assert.equal(await networks.endpoints(), [])
  })

  test('update, a second endpoint of the same container, and a namespace beside it', async () => {
    sh('ip netns add c1')
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet })
    await using other = await networks.create({ name: 'other', subnet: '10.6.0.0/24' })
    const handed = await web.connect({ handOver: 'one', ports: ['8080:80'], labels: { a: '1' } })
    await other.connect({ handOver: 'two', ports: ['8081:80'] })
    const entered = await web.connect({ netns: '/run/netns/c1', ports: ['8082:80'] })
    moveByEngine('one', handed)
    const updated = await handed.update({ ports: ['8083:80'], aliases: ['www'] })
    assert.equal(updated.ports, [{ protocol: 'tcp', hostPort: 8083, port: 80 }])
    assert.match(sh('nft list ruleset'), '8083')
    assert.ok(pings('10.5.0.3') && entered.addresses[0] === '10.5.0.3/24')
    assert.equal(
      (await networks.endpoints({ netns: '/run/netns/c1' })).map(({ id }) => id),
      [entered.id],
    )
    await entered.disconnect()
    assert.ok(pings('10.5.0.1'))
    assert.equal(await updated.check(), [])
  })

  test('a name that the host has, and fields that the engine decides, are refused', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet })
    await web.connect({ handOver: 'one', key: 'k' })
    const error = await errorOf(web.connect({ handOver: 'one' }))
    assert.is(error.code, 'interface-exists')
    assert.is(error.reason, 'the host has the interface one already')
    assert.is(await codeOf(web.connect({ handOver: 'two', key: 'k' })), 'endpoint-differs')
    sh('ip netns add c1')
    assert.is(await codeOf(web.connect({ netns: '/run/netns/c1', key: 'k' })), 'endpoint-differs')
    for (const more of [{ interface: 'eth5' }, { defaultRoute: true }, { gatewayPriority: 1 }]) {
      const refused = await errorOf(web.connect({ handOver: 'two', ...more }))
      assert.is(refused.code, 'usage')
      assert.match(
        refused.reason,
        `${Object.keys(more)[0]} must not be given together with handOver`,
      )
    }
    // @ts-expect-error -- the types say it, too
    const both = await errorOf(web.connect({ handOver: 'two', netns: '/run/netns/c1' }))
    assert.match(both.reason, 'netns must not be given together with handOver')
    // @ts-expect-error
    const none = await errorOf(web.connect({}))
    assert.is(none.reason, 'netns must be given, or handOver')
    assert.is(await codeOf(web.connect({ handOver: 'longer-than-fifteen' })), 'name-malformed')
    assert.is((await networks.endpoints()).length, 1)
  })

  test('a driver that cannot hand over refuses', async () => {
    const own: NetworkDriver = {
      name: 'own',
      options: {},
      networkInterface: ({ id }) => id.slice(0, 15),
      endpointInterface: (id) => id.slice(0, 15),
      prepare: async () => {},
      create: () => [],
      remove: () => [],
      connect: () => [],
      disconnect: () => [],
      check: async () => ({ steps: [], lost: [] }),
    }
    await using networks = await open({ drivers: [own] })
    await using web = await networks.create({ name: 'web', driver: 'own' })
    const error = await errorOf(web.connect({ handOver: 'one' }))
    assert.is(
      error.reason,
      'handOver must be left out: the driver own cannot hand over an interface',
    )
  })

  test('explain prints commands that do the same, and both appliers agree', async () => {
    for (const more of [{}, { applier: batchApplier }]) {
      const plans: string[] = []
      await using networks = await open({ ...more, onPlan: (plan) => plans.push(explain(plan)) })
      await using web = await networks.create({ name: 'web', subnet, subnet6: 'fd00:5::/64' })
      await using endpoint = await web.connect({ handOver: 'one' })
      assert.match(
        plans.at(-1) ?? '',
        `master nd-web type veth peer name one address ${endpoint.mac} group 28260`,
      )
      const [link] = JSON.parse(sh('ip -j -d link show one'))
      assert.equal(
        [link.address, link.group, link.ifalias, link.operstate],
        [endpoint.mac, '28260', `netdojo/web/${endpoint.id}`, 'DOWN'],
      )
    }
  })

  test('after a crash the interface is gone, also when the engine had moved it', async () => {
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    await networks.create({ name: 'web', subnet })
    const file = join(stateDirectory, 'dying.ts')
    for (const moved of [
      '',
      "execFileSync('sh', ['-c', 'ip netns add e1; ip link set one netns e1 name eth7'])",
    ]) {
      writeFileSync(
        file,
        `import { execFileSync } from 'node:child_process'
        import { batchApplier, openNetworks } from ${JSON.stringify(join(import.meta.dirname, '../../lib/index.ts'))}
        const networks = await openNetworks({ stateDirectory: ${JSON.stringify(stateDirectory)}, applier: {
          ...batchApplier,
          async apply(plan, options) { await batchApplier.apply(plan, options); ${moved}; process.kill(process.pid, 'SIGKILL') },
        } })
        await networks.connect('web', { handOver: 'one', ports: ['8080:80'] })`,
      )
      assert.not.ok(succeeds(`${process.execPath} ${file}`))
      assert.ok(hasLink('one') || moved !== '')
      assert.equal((await networks.reconcile()).recovered, [{ change: 'connect', network: 'web' }])
      assert.not.match(sh('ip link show group 28260'), 'ndv')
      assert.not.ok(hasLink('one') || succeeds('ip -n e1 link show eth7'))
      assert.equal(await networks.endpoints(), [])
    }
    await networks.remove('web')
  })

  test('after a reboot, or a lost bridge, the endpoint is gone, and the same call connects again', async () => {
    const directory = newDirectory()
    const request = { handOver: 'one', key: 'k', ports: ['8080:80'] }
    {
      await using networks = await open({ store: await openSqliteStore({ directory }) })
      const web = await networks.create({ name: 'web', subnet })
      moveByEngine('one', await web.connect(request))
    }
    sh('ip link delete nd-web; ip netns delete e1; nft flush ruleset')
    const store = await openSqliteStore({ directory, bootId: 'the-next-boot' })
    await using networks = await openNetworks({ store })
    await using web = await networks.get('web')
    const again = await web.connect(request)
    assert.equal(await networks.endpoints(), [again])
    moveByEngine('one', again)
    assert.ok(pings('198.51.100.1'))
    sh('ip link delete nd-web')
    assert.equal(
      (await networks.reconcile()).lost.map(({ id }) => id),
      [again.id],
    )
    assert.equal(await networks.endpoints(), [])
    assert.not.ok(hasLink(again.hostInterface))
  })
})

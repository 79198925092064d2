// A repeated request gives what it gave before, an endpoint is found by an index, changed and checked in place, and a watcher sees each change once.
import { spawn } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import {
  openMemoryStore,
  openNetworks,
  type ChangeDiagnostics,
  type NetworkEvent,
  type Store,
} from '../../lib/index.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'
import { until } from '../helpers/until.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'

const netns = '/run/netns/c1'
const fromOutside = (port: number) =>
  succeeds(`ip netns exec outside curl -s --max-time 2 http://203.0.113.2:${port}`)

networkSuite('endpoints', (test) => {
  test('ensure creates once, and refuses a network that differs', async () => {
    await using networks = await open()
    const request = { name: 'web', subnet: '10.5.0.0/24', labels: { team: 'a' } }
    const first = await networks.ensure(request)
    const second = await networks.ensure(request)
    assert.equal([first.created, second.created], [true, false])
    assert.equal(second.network, first.network)
    assert.is((await networks.ensure({ name: 'web' })).created, false)
    for (const other of [
      { subnet: '10.6.0.0/24' },
      { internal: true },
      { mtu: 1400 },
      { labels: { team: 'b' } },
      { subnet6: true as const },
      { reserved: ['10.5.0.9'], subnet: '10.5.0.0/24' },
      { ipRange: '10.5.0.128/25', subnet: '10.5.0.0/24' },
    ]) {
      const error = await errorOf(networks.ensure({ name: 'web', ...other }))
      assert.is(error.code, 'network-differs')
      assert.match(error.reason, Object.keys(other)[0] ?? '')
    }
  })

  test('the same key gives the same endpoint, until its namespace ends', async () => {
    sh('ip netns add c1; ip netns add c2')
    await using networks = await open()
    const web = await networks.create({ name: 'web', subnet: '10.5.0.0/24' })
    const first = await web.connect({ netns, key: 'a b/c', ports: ['8080:80'] })
    assert.equal(await web.connect({ netns, key: 'a b/c', ports: ['8080:80'] }), first)
    assert.equal(await web.connect({ netns, key: 'a b/c', ports: first.ports }), first)
    assert.is((await networks.endpoints()).length, 1)
    const other = { netns: '/run/netns/c2', key: 'a b/c' }
    assert.is(await codeOf(web.connect(other)), 'endpoint-differs')
    assert.is(
      await codeOf(web.connect({ netns, key: 'a b/c', address: '10.5.0.9' })),
      'endpoint-differs',
    )
    await first.disconnect()
    const next = await web.connect(other)
    assert.is.not(next.id, first.id)
    sh('ip netns delete c2; ip netns add c2')
    const again = await web.connect(other)
    assert.is.not(again.id, next.id)
    assert.is((await networks.endpoints()).length, 1)
  })

  test('endpoints are found by network, namespace, key and labels', async () => {
    sh('ip netns add c1; ip netns add c2')
    await using networks = await open()
    const [a, b] = [await networks.create({ name: 'a' }), await networks.create({ name: 'b' })]
    const one = await a.connect({ netns, key: 'k', labels: { app: 'x', tier: 'front' } })
    const two = await b.connect({ netns, labels: { app: 'x' } })
    const three = await a.connect({ netns: '/run/netns/c2', labels: { app: 'y' } })
    const ids = async (filter: Parameters<typeof networks.endpoints>[0]) =>
      (await networks.endpoints(filter)).map(({ id }) => id)
    assert.equal(await ids({}), [one.id, two.id, three.id])
    assert.equal(await ids({ network: 'a' }), [one.id, three.id])
    assert.equal(await ids({ netns }), [one.id, two.id])
    assert.equal(await ids({ netns, network: 'b' }), [two.id])
    assert.equal(await ids({ key: 'k' }), [one.id])
    assert.equal(await ids({ key: 'k', network: 'b' }), [])
    assert.equal(await ids({ labels: { app: 'x' } }), [one.id, two.id])
    assert.equal(await ids({ labels: { app: 'x', tier: 'front' } }), [one.id])
    assert.equal(await ids({ netns: '/run/netns/none' }), [])
    await one.update({ labels: { app: 'z' } })
    assert.equal(await ids({ labels: { app: 'x' } }), [two.id])
    assert.equal(await ids({ labels: { app: 'z' } }), [one.id])
    await two.disconnect()
    assert.equal(await ids({ labels: { app: 'x' } }), [])
    assert.equal(
      (await networks.store.read((transaction) => transaction.keys('endpoint-label/'))).length,
      2,
    )
  })

  test('update moves a published port, and keeps the interface and what it does not name', async () => {
    sh('ip netns add c1')
    await using networks = await open()
    const web = await networks.create({ name: 'web', subnet: '10.5.0.0/24' })
    const endpoint = await web.connect({ netns, ports: ['8080:80', '90'], labels: { a: '1' } })
    const server = spawn('ip', ['netns', 'exec', 'c1', 'serve', '80'], { stdio: 'pipe' })
    await once(server.stdout, 'data')
    try {
      assert.ok(fromOutside(8080))
      assert.not.ok(fromOutside(8081))
      const free = endpoint.ports[1]?.hostPort
      const updated = await endpoint.update({ ports: ['8081:80', '90'], aliases: ['www'] })
      assert.not.ok(fromOutside(8080))
      assert.ok(fromOutside(8081))
      assert.equal(
        updated.ports.map(({ hostPort }) => hostPort),
        [8081, free],
      )
      assert.equal([updated.labels, updated.aliases], [{ a: '1' }, ['www']])
      assert.equal(await networks.endpoint('web', endpoint.id), updated)
      assert.equal(await networks.update(updated, { ports: updated.ports }), updated)
      // A refused update leaves the ports as they are, and takes none.
      sh('ip netns add c2')
      await using other = await web.connect({ netns: '/run/netns/c2', ports: ['9000:80'] })
      assert.is(await codeOf(updated.update({ ports: ['8082:80', '9000:80'] })), 'port-in-use')
      assert.ok(fromOutside(8081))
      assert.equal((await other.update({ ports: ['8082:80', '8080:80'] })).ports.length, 2)
    } finally {
      server.kill()
    }
  })

  test('an update that the kernel refuses, or that a crash ends, is rolled back', async () => {
    sh('ip netns add c1')
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const web = await networks.create({ name: 'web', subnet: '10.5.0.0/24' })
    const endpoint = await web.connect({ netns, ports: ['8080:80'] })
    const dying = `
      import { batchApplier, openNetworks } from ${JSON.stringify(join(import.meta.dirname, '../../lib/index.ts'))}
      const networks = await openNetworks({ stateDirectory: ${JSON.stringify(stateDirectory)}, applier: {
        ...batchApplier,
        async apply(plan, options) { await batchApplier.apply(plan, options); process.kill(process.pid, 'SIGKILL') },
      } })
      await networks.update(${JSON.stringify(endpoint)}, { ports: ['8081:80'] })`
    const file = join(stateDirectory, 'dying.ts')
    writeFileSync(file, dying)
    assert.not.ok(succeeds(`${process.execPath} ${file}`))
    assert.match(sh('nft list ruleset'), '8081')
    assert.equal((await networks.reconcile()).recovered, [{ change: 'update', network: 'web' }])
    assert.not.match(sh('nft list ruleset'), '8081')
    assert.match(sh('nft list ruleset'), '8080')
    assert.equal(await networks.endpoint('web', endpoint.id), endpoint)
    await web.connect({ netns, interface: 'eth9', ports: ['8081:80'] })
  })

  test('check names each difference, and mends nothing', async () => {
    sh('ip netns add c1')
    await using networks = await open()
    const web = await networks.create({ name: 'web', subnet: '10.5.0.0/24' })
    const endpoint = await web.connect({ netns, ports: ['8080:80'] })
    const parts = async () => (await endpoint.check()).map(({ part }) => part)
    assert.equal(await parts(), [])
    sh('ip -n c1 addr del 10.5.0.2/24 dev eth0')
    assert.equal(await parts(), ['address', 'default-route'])
    sh('ip -n c1 addr add 10.5.0.2/24 dev eth0; ip -n c1 route add default via 10.5.0.1')
    assert.equal(await parts(), [])
    sh(`ip link set ${endpoint.hostInterface} nomaster; nft flush ruleset`)
    assert.equal([...new Set(await parts())], ['host-interface', 'rules'])
    assert.equal([...new Set(await parts())], ['host-interface', 'rules'])
    sh('ip netns delete c1')
    assert.ok((await parts()).includes('namespace'))
  })

  test('a watcher in another process sees each change once, in order', async () => {
    sh('ip netns add c1')
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const file = join(stateDirectory, 'watcher.ts')
    writeFileSync(
      file,
      `import { openNetworks } from ${JSON.stringify(join(import.meta.dirname, '../../lib/index.ts'))}
      await using networks = await openNetworks({ stateDirectory: ${JSON.stringify(stateDirectory)} })
      for await (const event of networks.watch({ since: 0 })) {
        console.log(event.sequence, event.kind)
        if (event.kind === 'network-removed') break
      }`,
    )
    const watcher = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = ''
    watcher.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text))
    const web = await networks.create({ name: 'web' })
    const endpoint = await web.connect({ netns })
    await endpoint.update({ labels: { a: 'b' } })
    await codeOf(web.connect({ netns: '/run/netns/none' }))
    await endpoint.disconnect()
    await web.remove()
    await once(watcher, 'close')
    assert.equal(seen.trim().split('\n'), [
      '1 network-created',
      '2 endpoint-connected',
      '3 endpoint-updated',
      '4 endpoint-disconnected',
      '5 network-removed',
    ])
  })

  test('watch begins now or after an event, ends with its signal or the networks, and says what is lost', async () => {
    const store = openMemoryStore()
    const networks = await openNetworks({ store })
    await networks.create({ name: 'one', internal: true })
    const abort = new AbortController()
    const kinds: string[] = []
    const collect = async (events: AsyncIterable<NetworkEvent>) => {
      for await (const event of events) {
        kinds.push(event.kind)
        if (event.sequence === 3) abort.abort()
      }
    }
    const watching = collect(networks.watch({ signal: abort.signal }))
    await networks.create({ name: 'two', internal: true })
    await networks.remove('two')
    await watching
    assert.equal(kinds, ['network-created', 'network-removed'])
    const since = collect(networks.watch({ since: 1 }))
    assert.is(await codeOf(collect(networks.watch({ since: 99 }))), 'events-lost')
    assert.throws(() => networks.watch({ since: -1 }), /since must be/)
    await networks.remove('one')
    await networks.close()
    await since
    await networks.close()
    assert.is(kinds.length, 5)
    assert.is(await codeOf(networks.list()), 'closed')
  })

  test('a watcher reads nothing while nothing happens, and once more a second after a bell', async () => {
    const sqlite = await openSqliteStore({ directory: newDirectory() })
    let reads = 0
    const bell = new EventEmitter()
    const store: Store = {
      ...sqlite,
      read: (body) => {
        reads += 1
        return sqlite.read(body)
      },
      watch: (onChange) => {
        bell.on('ring', onChange)
        return () => bell.off('ring', onChange)
      },
    }
    await using networks = await openNetworks({ store })
    const kinds: string[] = []
    const abort = new AbortController()
    const loop = (async () => {
      for await (const { kind } of networks.watch({ signal: abort.signal })) kinds.push(kind)
    })()
    assert.ok(await until(() => reads >= 2 && bell.listenerCount('ring') === 1, 10))
    await sleep(2500)
    const before = reads
    await sleep(2500)
    assert.is(reads, before)
    bell.emit('ring')
    assert.ok(
      await until(() => reads === before + 2, 10),
      'the commit may be visible only after the bell',
    )
    await sleep(2500)
    assert.is(reads, before + 2)
    // The bell of the file system, which this test keeps from the watcher, rings after the commit.
    const stop = sqlite.watch?.(() => bell.emit('ring'))
    await networks.create({ name: 'one', internal: true })
    assert.ok(await until(() => kinds.length === 1, 10))
    abort.abort()
    await loop
    stop?.()
    assert.is(bell.listenerCount('ring'), 0)
    await networks.remove('one')
  })

  test('diagnostics have the start, the end and the error of each change', async () => {
    const seen: ChangeDiagnostics[] = []
    const channelSaw: unknown[] = []
    const onChange = (change: unknown) => void channelSaw.push(change)
    subscribe('netdojo:change', onChange)
    const store = openMemoryStore()
    await using networks = await openNetworks({ store, diagnostics: (one) => void seen.push(one) })
    await networks.create({ name: 'one', internal: true })
    await codeOf(networks.create({ name: 'one' }))
    await networks.remove('one')
    unsubscribe('netdojo:change', onChange)
    assert.equal(channelSaw, seen)
    assert.equal(
      seen.map(({ phase, operation, network }) => `${operation} ${network} ${phase}`),
      [
        'create one start',
        'create one end',
        'create one start',
        'create one error',
        'remove one start',
        'remove one end',
      ],
    )
    assert.ok(Number(seen[1]?.milliseconds) >= Number(seen[1]?.waited))
  })

  test('a copy of a handle has the record and no methods, and methods can be taken out', async () => {
    sh('ip netns add c1')
    await using networks = await open()
    const web = await networks.create({ name: 'web' })
    const { connect, ...record } = web
    // oxlint-disable-next-line typescript/no-misused-spread -- people do it
    const copy = { ...web }
    // @ts-expect-error -- the types say so, too
    assert.is(copy.connect, undefined)
    assert.equal(copy, record)
    const endpoint = await connect({ netns })
    // oxlint-disable-next-line typescript/no-misused-spread
    assert.equal({ ...endpoint }, JSON.parse(JSON.stringify(endpoint)))
  })
})

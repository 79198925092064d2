// What the API promises about records, names, conflicts, cancelling and repair; each promise against the real kernel.
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import {
  NetdojoError,
  openNetworks,
  type NetworkDriver,
  type OpenOptions,
} from '../../lib/index.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { audit } from '../helpers/audit.ts'
import { cleanHost, sandboxSuite, sh, succeeds } from '../helpers/sandbox.ts'
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

const newDirectory = () => mkdtempSync(join(tmpdir(), 'netdojo-'))
const open = (options: OpenOptions = {}) =>
  openNetworks({ stateDirectory: newDirectory(), ...options })

function ownRules(): string {
  return sh('nft list table inet netdojo || (iptables-save; ip6tables-save) | grep NETDOJO | sort')
}

function macOf(link: string): string | undefined {
  return /link\/ether (\S+)/.exec(sh(`ip link show ${link}`))?.[1]
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await errorOf(promise)).code
}

async function errorOf(promise: Promise<unknown>): Promise<NetdojoError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof NetdojoError) return error
  throw error
}

sandboxSuite('lifecycle', (define) => {
  const test: typeof define = (name, body) =>
    define(name, () => {
      cleanHost()
      return body()
    })

  test('records are complete, JSON-stable, and the same for the next process', async () => {
    const stateDirectory = newDirectory()
    const c1 = namespace('c1')
    await using networks = await openNetworks({ stateDirectory })
    const network = await networks.create({
      name: 'testbridge',
      subnet: '192.168.0.0/24',
      labels: { team: 'a' },
      mtu: 1400,
    })
    const endpoint = await network.connect({ netns: c1, ports: ['8080:80'] })
    assert.equal(JSON.parse(JSON.stringify(network)), {
      id: network.id,
      name: 'testbridge',
      driver: 'bridge',
      interface: 'nd-testbridge',
      subnets: [{ subnet: '192.168.0.0/24', gateway: '192.168.0.1' }],
      gateway: '192.168.0.1',
      internal: false,
      masquerade: true,
      internalTraffic: true,
      mtu: 1400,
      labels: { team: 'a' },
      options: {},
      createdAt: network.createdAt,
    })
    assert.equal(JSON.parse(JSON.stringify(endpoint)), {
      id: endpoint.id,
      network: 'testbridge',
      netns: c1,
      netnsInode: statSync(c1).ino,
      interface: 'eth0',
      hostInterface: `ndv${endpoint.id.slice(0, 12)}`,
      addresses: ['192.168.0.2/24'],
      mac: endpoint.mac,
      defaultRoute: true,
      ports: [{ protocol: 'tcp', hostPort: 8080, port: 80 }],
      labels: {},
      createdAt: endpoint.createdAt,
    })
    assert.match(sh('ip -n c1 link show eth0'), `mtu 1400`)
    assert.match(sh('ip -n c1 link show eth0'), endpoint.mac)
    await using again = await openNetworks({ stateDirectory })
    assert.equal(await again.get('testbridge'), network)
    assert.equal(await again.endpoints('testbridge'), [endpoint])
    assert.equal(await again.list({ labels: { team: 'b' } }), [])
    assert.equal((await again.list({ labels: { team: 'a' } })).length, 1)
    assert.is(statSync(join(stateDirectory, 'state.sqlite')).mode & 0o077, 0)
    await again.remove('testbridge', { force: true })
    await audit(stateDirectory, 'nftables')
  })

  test('await using disconnects and removes, also when that was done by hand', async () => {
    await using networks = await open()
    {
      await using network = await networks.create({ name: 'brief', subnet: '10.77.0.0/24' })
      await using endpoint = await network.connect({ netns: namespace('c1') })
      assert.ok(pings(undefined, '10.77.0.2'))
      await endpoint.disconnect()
    }
    assert.equal(await networks.list(), [])
    assert.not(succeeds('ip link show nd-brief'))
  })

  test('removal with endpoints is refused, forced it disconnects them; prune removes what is unused', async () => {
    await using networks = await open()
    const used = await networks.create({ name: 'used', subnet: '10.77.0.0/24' })
    await networks.create({ name: 'unused', subnet: '10.77.1.0/24' })
    await used.connect({ netns: namespace('c1') })
    assert.is(await codeOf(used.remove()), 'network-in-use')
    assert.equal(await networks.prune(), ['unused'])
    await used.remove({ force: true })
    assert.equal(await networks.list(), [])
    assert.not(succeeds('ip -n c1 link show eth0'))
    assert.is(await codeOf(used.remove()), 'network-missing')
    assert.is(await codeOf(networks.disconnect('used', 'x')), 'network-missing')
  })

  test('names: taken ones, very long ones, and interfaces that somebody else made are never adopted', async () => {
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    await using stack = new AsyncDisposableStack()
    const long = 'a-network-with-a-very-long-name'
    stack.use(await networks.create({ name: long, subnet: '10.77.0.0/24' }))
    const other = stack.use(await networks.create({ name: `${long}-2`, subnet: '10.77.1.0/24' }))
    assert.is(other.interface.length, 15)
    assert.is(await codeOf(networks.create({ name: long })), 'name-taken')
    sh(
      'ip link add nd-theirs type bridge; ip link set nd-theirs up; ip address add 10.99.0.1/24 dev nd-theirs',
    )
    assert.is(await codeOf(networks.create({ name: 'theirs' })), 'interface-exists')
    assert.match(sh('ip address show nd-theirs'), '10.99.0.1/24', 'it is as it was')
    assert.is(
      await codeOf(networks.create({ name: 'clash', subnet: '10.99.0.0/16' })),
      'subnet-overlap',
    )
    sh('ip link delete nd-theirs')
    // What failed holds no subnet and no address.
    await audit(stateDirectory, 'nftables')
    const named = stack.use(
      await networks.create({ name: 'named', options: { interface: 'testbridge' } }),
    )
    assert.is(named.interface, 'testbridge')
    assert.match(sh('ip link show testbridge'), 'alias netdojo/named')
    assert.is(
      await codeOf(networks.create({ name: 'x', options: { colour: 'red' } })),
      'option-unknown',
    )
  })

  test('a namespace that is missing, no namespace, or the host’s own is refused before anything is done', async () => {
    await using networks = await open()
    await using network = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const routes = sh('ip route; ip address show eth0')
    for (const [netns, code] of [
      ['/run/netns/none', 'netns-missing'],
      ['/etc/hostname', 'netns-missing'],
      ['/proc/self/ns/net', 'netns-is-host'],
      ['/proc/self/ns/mnt', 'netns-missing'],
    ] as const)
      assert.is(await codeOf(network.connect({ netns })), code, netns)
    assert.is(sh('ip route; ip address show eth0'), routes)
    assert.equal(await networks.endpoints(), [])
  })

  test('host ports: conflicts with networks, addresses and listening programs are named; free ones are chosen', async () => {
    await using networks = await open()
    await using a = await networks.create({ name: 'a', subnet: '10.77.0.0/24' })
    await using b = await networks.create({ name: 'b', subnet: '10.77.1.0/24' })
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const first = await a.connect({
      netns: c1,
      ports: ['8080:80', '9000-9009:9000-9009', '53/udp'],
    })
    assert.is(first.ports.length, 12)
    assert.ok((first.ports.at(-1)?.hostPort ?? 0) >= 32_768)
    const conflict = await errorOf(b.connect({ netns: c2, ports: ['127.0.0.1:8080:80'] }))
    assert.is(conflict.code, 'port-in-use')
    assert.match(conflict.reason, `${first.id} of the network a`)
    assert.is(await codeOf(b.connect({ netns: c2, ports: ['9005:1'] })), 'port-in-use')
    assert.is(await codeOf(b.connect({ netns: c2, ports: ['70:1', '70:2'] })), 'port-in-use')
    assert.is(await codeOf(b.connect({ netns: c2, ports: ['192.0.2.1:70:1'] })), 'port-unusable')
    await using server = await serve(undefined, 'host', 7777, { address: '127.0.0.1' })
    const listener = await errorOf(b.connect({ netns: c2, ports: ['7777:80'] }))
    assert.is(listener.code, 'listener-in-the-way')
    assert.match(listener.reason, `(process ${server.process.pid})`)
    // The same number of another protocol or another address is another port.
    const ports = ['8080:80/udp', '8080:80/sctp', '203.0.113.2:7777:80']
    const second = await b.connect({ netns: c2, ports })
    assert.match(sh('nft list map inet netdojo ports4any'), 'sctp . 8080 : 10.77.1.2 . 80')
    await second.disconnect()
    await first.disconnect()
    await b.connect({ netns: c2, ports: ['8080:80'] })
  })

  test('an address and a MAC of one’s choice; taken, reserved and foreign addresses are refused', async () => {
    await using networks = await open()
    await using web = await networks.create({
      name: 'web',
      subnet: '10.77.0.0/24',
      ipRange: '10.77.0.128/25',
      reserved: ['10.77.0.128-10.77.0.130'],
    })
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const mac = '02:aa:bb:cc:dd:ee'
    const one = await web.connect({ netns: c1, address: '10.77.0.9', mac })
    assert.equal([one.addresses, one.mac], [['10.77.0.9/24'], mac])
    assert.match(sh('ip -n c1 link show eth0'), mac)
    const refusals = [
      ['10.77.0.9', 'address-taken'],
      ['10.77.0.1', 'address-reserved'],
      ['10.77.0.129', 'address-reserved'],
      ['10.77.0.255', 'address-reserved'],
      ['10.78.0.2', 'address-out-of-range'],
      ['fd00::2', 'usage'],
    ] as const
    for (const [address, code] of refusals)
      assert.is(await codeOf(web.connect({ netns: c2, address })), code, address)
    const two = await web.connect({ netns: c2 })
    assert.equal(two.addresses, ['10.77.0.131/24'])
  })

  test('a second network of one namespace gets the next interface, and no second default route', async () => {
    await using networks = await open()
    await using a = await networks.create({ name: 'a', subnet: '10.77.0.0/24' })
    await using b = await networks.create({ name: 'b', subnet: '10.77.1.0/24' })
    const netns = namespace('c1')
    await a.connect({ netns })
    const second = await b.connect({ netns })
    assert.equal([second.interface, second.defaultRoute], ['eth1', false])
    assert.match(sh('ip -n c1 route'), 'default via 10.77.0.1 dev eth0')
    assert.ok(pings(netns, '10.77.1.1'))
    assert.ok(pings(netns, '198.51.100.1'))
  })

  test('a failure in the middle is taken back: address, port and devices are free again', async () => {
    const stateDirectory = newDirectory()
    await using networks = await openNetworks({ stateDirectory })
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const netns = namespace('c1')
    sh('ip -n c1 link add eth0 type bridge')
    assert.is(await codeOf(web.connect({ netns, ports: ['8080:80'] })), 'interface-exists')
    await audit(stateDirectory, 'nftables')
    assert.ok(succeeds('ip -n c1 link show eth0 type bridge'), 'theirs is left alone')
    // The table is not there when the ports come: everything else has been done by then.
    sh('ip -n c1 link delete eth0')
    sh('nft delete table inet netdojo')
    await web.connect({ netns, ports: ['8080:80'] })
    await audit(stateDirectory, 'nftables')
    await web.remove({ force: true })
  })

  test('an aborted change is taken back, and says so with a code', async () => {
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

  test('reconcile: a namespace that is gone frees its address and port (plugins 810)', async () => {
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

  for (const firewall of ['nftables', 'iptables'] as const)
    test(`reconcile: a flushed firewall comes back, ${firewall} (CVE-2025-54388, CVE-2025-54410)`, async () => {
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
    })

  test('reconcile: a bridge that was deleted comes back, without what hung on it', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    await web.connect({ netns: namespace('c1') })
    sh('ip link delete nd-web')
    const { lost } = await networks.reconcile()
    assert.is(lost.length, 1)
    assert.match(sh('ip address show nd-web'), '10.77.0.1/24')
  })

  test('a reboot frees the addresses of what ended with it, and brings the networks back (cni 204, plugins 252)', async () => {
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

  test('the bridge keeps its MAC whatever is plugged in (cni 285, netavark 833)', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const before = macOf('nd-web')
    const endpoint = await web.connect({ netns: namespace('c1') })
    sh(`ip link set ${endpoint.hostInterface} address 02:00:00:00:00:01`)
    assert.is(macOf('nd-web'), before)
  })

  test('an address with a new owner is announced: neighbours find it at once (moby 36069)', async () => {
    await using networks = await open()
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/29' })
    const [c1, c2, c3] = [namespace('c1'), namespace('c2'), namespace('c3')]
    await web.connect({ netns: c1 })
    const address = '10.77.0.5'
    const old = await web.connect({ netns: c2, address, mac: '02:00:00:00:00:02' })
    assert.ok(pings(c1, address))
    await old.disconnect()
    // The kernel keeps an entry for a second at least (neigh/*/locktime).
    sh('sleep 1.1')
    const second = await web.connect({ netns: c3, address, mac: '02:00:00:00:00:03' })
    assert.match(sh(`ip -n c1 neigh show ${address}`), '02:00:00:00:00:03')
    assert.ok(pings(c1, address))
    // And the next one, who did not ask for a MAC.
    await second.disconnect()
    sh('sleep 1.1')
    const next = await web.connect({ netns: c2, address })
    assert.match(sh(`ip -n c1 neigh show ${address}`), next.mac)
    // Where nobody asks for a MAC, an address has the same one whoever has it.
    const third = await web.connect({ netns: c3, address: '10.77.0.6' })
    await third.disconnect()
    assert.is((await web.connect({ netns: c3, address: '10.77.0.6' })).mac, third.mac)
  })

  test('UDP clients that were there before, or stay after, meet the rules of now (plugins 123, 553)', async () => {
    await using networks = await open()
    const web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const outside = '/run/netns/outside'
    const client = { udp: true, fromPort: 4242 }
    await using stack = new AsyncDisposableStack()
    stack.use(await serve(c1, 'c1', 53, { udp: true }))
    stack.use(await serve(c2, 'c2', 53, { udp: true }))
    assert.is(ask(outside, '203.0.113.2', 5353, client), undefined, 'nobody is there yet')
    const first = await web.connect({ netns: c1, ports: ['5353:53/udp'] })
    assert.is(ask(outside, '203.0.113.2', 5353, client), 'c1 sees 203.0.113.1')
    await first.disconnect()
    await web.connect({ netns: c2, ports: ['5353:53/udp'] })
    assert.is(ask(outside, '203.0.113.2', 5353, client), 'c2 sees 203.0.113.1')
    // The next owner of an address that publishes nothing gets nothing of what its last one published.
    await web.remove({ force: true })
    await using other = await networks.create({ name: 'other', subnet: '10.77.0.0/24' })
    await other.connect({ netns: c1, address: '10.77.0.3' })
    assert.is(ask(outside, '203.0.113.2', 5353, client), undefined)
  })

  test('removing one network leaves the rules of the others (netavark 183, 226, 491)', async () => {
    await using networks = await open()
    await using a = await networks.create({ name: 'a', subnet: '10.77.0.0/24' })
    const b = await networks.create({ name: 'b', subnet: '10.77.1.0/24' })
    const c1 = namespace('c1')
    await a.connect({ netns: c1, ports: ['8080:80'] })
    await using server = await serve(c1, 'c1', 80)
    assert.ok(server.process.pid)
    await b.remove()
    assert.ok(pings(c1, '198.51.100.1'))
    assert.is(ask('/run/netns/outside', '203.0.113.2', 8080), 'c1 sees 203.0.113.1')
  })

  test('two state directories: the second label works beside the first, one label twice is refused', async () => {
    await using first = await open()
    await using a = await first.create({ name: 'a', subnet: '10.77.0.0/24' })
    await using second = await open()
    assert.is(await codeOf(second.create({ name: 'b', subnet: '10.77.1.0/24' })), 'firewall-taken')
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
  })

  test('ports are withdrawn and connections ended before the cable goes (netavark 1482)', async () => {
    const kinds: string[] = []
    await using networks = await open({
      onPlan: ({ change, steps }) => {
        if (change === 'disconnect')
          kinds.push(...steps.flatMap(({ operations }) => operations.map(({ kind }) => kind)))
      },
    })
    await using web = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    const endpoint = await web.connect({ netns: namespace('c1'), ports: ['8080:80'] })
    await endpoint.disconnect()
    assert.equal(kinds, ['remove-element', 'flush-connections', 'flush-connections', 'remove-link'])
  })

  test('many changes at once, from one process, are made one after the other', async () => {
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

  test('networks in memory end with their process; closed ones say so', async () => {
    const networks = await openNetworks({ store: openMemoryStore() })
    const network = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    await network.remove()
    await networks[Symbol.asyncDispose]()
    assert.is(await codeOf(networks.list()), 'closed')
    assert.is(await codeOf(networks.create({ name: 'web' })), 'closed')
  })
})

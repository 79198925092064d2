// Checks what the API promises about records, names, conflicts and addresses, against the real kernel.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { openNetworks } from '../../lib/index.ts'
import { audit } from '../helpers/audit.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'
import { namespace, pings, serve } from '../helpers/talk.ts'

networkSuite('lifecycle', (test, slow) => {
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
      attachment: 'netns',
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
    assert.equal(await again.endpoints({ network: 'testbridge' }), [endpoint])
    assert.equal(await again.list({ labels: { team: 'b' } }), [])
    assert.equal((await again.list({ labels: { team: 'a' } })).length, 1)
    assert.is(statSync(join(stateDirectory, 'state.sqlite')).mode & 0o077, 0)
    await again.remove('testbridge', { force: true })
    await audit(stateDirectory, 'nftables')
  })

  slow('await using disconnects and removes, also after that was done by hand', async () => {
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

  test('removal with endpoints is refused unless forced; prune removes unused networks', async () => {
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

  test('names: taken and too long names are refused, and interfaces of other programs are never adopted', async () => {
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

  test('a missing path, a path that is no namespace, and the host’s own namespace are refused before any change', async () => {
    await using networks = await open()
    await using network = await networks.create({ name: 'web', subnet: '10.77.0.0/24' })
    // Those of IPv6 are checked for duplicates a while longer.
    const routes = sh('ip route; ip -4 address show eth0')
    for (const [netns, code] of [
      ['/run/netns/none', 'netns-missing'],
      ['/etc/hostname', 'netns-missing'],
      ['/proc/self/ns/net', 'netns-is-host'],
      ['/proc/self/ns/mnt', 'netns-missing'],
    ] as const)
      assert.is(await codeOf(network.connect({ netns })), code, netns)
    assert.is(sh('ip route; ip -4 address show eth0'), routes)
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
    assert.is(
      conflict.message,
      'cannot publish port 8080/tcp of the host: the namespace /run/netns/c1 publishes it on the network a',
    )
    assert.is(await codeOf(b.connect({ netns: c2, ports: ['9005:1'] })), 'port-in-use')
    const twice = await errorOf(b.connect({ netns: c2, ports: ['70:1', '70:2'] }))
    assert.is(
      twice.message,
      'cannot publish port 70/tcp of the host: a host port must lead to one port of the container, and the request names it twice',
    )
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

  test('an address and a MAC can be requested; taken, reserved and foreign addresses are refused', async () => {
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

  slow(
    'a second network of one namespace gets the next interface, and no second default route',
    async () => {
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
    },
  )
})

// Connects namespaces to several networks of both families, and changes them live: the kernel always has one way out of each family, and answers each published port.
import * as assert from 'uvu/assert'
import type { Networks } from '../../lib/index.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'
import { until } from '../helpers/until.ts'
import { audit } from '../helpers/audit.ts'

const [outside4, outside6] = ['198.51.100.1', '2001:db8:113::1']

/** The interfaces of the default routes of a namespace, IPv4 first. */
function waysOut(name: string): string {
  const link = (family: string) =>
    /dev (\S+)/.exec(sh(`ip -n ${name} -${family} route show default`))?.[1] ?? '-'
  return `${link('4')} ${link('6')}`
}

/** One network with IPv4, one with IPv6, and one with both. */
async function three(networks: Networks) {
  const four = await networks.create({ name: 'four', subnet: '10.77.4.0/24' })
  const six = await networks.create({ name: 'six', subnet6: 'fd00:77:6::/64' })
  const both = await networks.create({
    name: 'both',
    subnet: '10.77.8.0/24',
    subnet6: 'fd00:77:8::/64',
  })
  return { four, six, both }
}

networkSuite('several networks', (test) => {
  test('IPv4 and IPv6 leave by different networks, and move when one of them is disconnected or removed', async () => {
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const { four, six, both } = await three(networks)
    const netns = namespace('c1')
    const inFour = await four.connect({ netns })
    assert.is(waysOut('c1'), 'eth0 -')
    const inSix = await six.connect({ netns })
    assert.is(waysOut('c1'), 'eth0 eth1')
    await both.connect({ netns })
    assert.is(waysOut('c1'), 'eth0 eth1', 'a later network takes nothing away')
    assert.ok(pings(netns, outside4))
    assert.ok(pings(netns, outside6))
    await inFour.disconnect()
    assert.is(waysOut('c1'), 'eth2 eth1')
    const [, second] = await networks.endpoints()
    assert.equal([second?.network, second?.gateways], ['both', ['10.77.8.1']], 'IPv4 alone')
    assert.ok(pings(netns, outside4))
    await networks.remove('six', { force: true })
    assert.is(waysOut('c1'), 'eth2 eth2')
    assert.ok(pings(netns, outside6))
    const [left] = await networks.endpoints()
    assert.equal([left?.defaultRoute, left?.gateways], [true, undefined])
    assert.is(await codeOf(inSix.disconnect()), 'network-missing')
    await audit(stateDirectory, 'nftables')
  })

  test('the highest priority leads, an internal network never does, and a lost interface gives its route away', async () => {
    await using networks = await open()
    const { four, both } = await three(networks)
    const inner = await networks.create({ name: 'inner', subnet: '10.77.9.0/24', internal: true })
    const netns = namespace('c1')
    await inner.connect({ netns, gatewayPriority: 9 })
    assert.is(waysOut('c1'), '- -')
    await four.connect({ netns })
    assert.is(waysOut('c1'), 'eth1 -')
    const best = await both.connect({ netns, gatewayPriority: 1 })
    assert.is(waysOut('c1'), 'eth2 eth2')
    assert.ok(pings(netns, outside4))
    assert.equal(
      (await networks.endpoints()).map(({ network, defaultRoute }) => [network, defaultRoute]),
      [
        ['inner', false],
        ['four', false],
        ['both', true],
      ],
    )
    sh(`ip link delete ${best.hostInterface}`)
    assert.is(waysOut('c1'), '- -')
    const { lost } = await networks.reconcile()
    assert.equal(
      lost.map(({ id }) => id),
      [best.id],
    )
    assert.is(waysOut('c1'), 'eth1 -')
    assert.ok(pings(netns, outside4))
    await both.connect({ netns, defaultRoute: false })
    assert.is(waysOut('c1'), 'eth1 -', 'defaultRoute: false')
  })
  test('a port is published in the families of its network, or in the one that its address names', async () => {
    await using networks = await open()
    const { four, six, both } = await three(networks)
    const [c1, c2, c3] = [namespace('c1'), namespace('c2'), namespace('c3')]
    await using servers = new AsyncDisposableStack()
    servers.use(await serve(c1, 'one', 80))
    servers.use(await serve(c2, 'two', 80))
    servers.use(await serve(c3, 'three', 80))
    const from = '/run/netns/outside'
    const answers = (port: number) => [
      ask(from, '203.0.113.2', port)?.split(' ')[0],
      ask(from, '2001:db8:113::2', port)?.split(' ')[0],
    ]
    const inFour = await four.connect({ netns: c1, ports: ['8080:80'] })
    await six.connect({ netns: c2, ports: ['8080:80'] })
    // The kernel sends no neighbour request for a forwarded packet while the bridge's link-local address is new (ndisc_send_ns).
    await until(() => answers(8080)[1] !== undefined, 5)
    assert.equal(answers(8080), ['one', 'two'], 'each family has its own container')
    const taken = await errorOf(both.connect({ netns: c3, ports: ['8080:80'] }))
    assert.equal(
      [taken.code, taken.reason],
      ['port-in-use', 'the namespace /run/netns/c1 publishes it on the network four'],
    )
    await inFour.disconnect()
    await both.connect({ netns: c3, ports: ['0.0.0.0:8080:80', '[::]:8081:80'] })
    await until(() => answers(8081)[1] !== undefined, 5)
    assert.equal(answers(8080), ['three', 'two'])
    assert.equal(answers(8081), ['ECONNREFUSED', 'three'])
    const wrong = await errorOf(four.connect({ netns: c1, ports: ['[::]:8082:80'] }))
    assert.equal(
      [wrong.code, wrong.reason],
      ['port-unusable', 'the container has no IPv6 address on a network that is not internal'],
    )
  })

  test('a port of a later network is answered, too, and its owner keeps it', async () => {
    await using networks = await open()
    const { four, six, both } = await three(networks)
    const c1 = namespace('c1')
    await using server = await serve(c1, 'one', 80)
    const outside = '/run/netns/outside'
    const answers = (port: number) => [
      ask(outside, '203.0.113.2', port)?.startsWith('one ') ?? false,
      ask(outside, '2001:db8:113::2', port)?.startsWith('one ') ?? false,
    ]
    const first = await four.connect({ netns: c1 })
    const later = await both.connect({ netns: c1, ports: ['8080:80', '127.0.0.1:8081:80'] })
    assert.ok(await until(() => answers(8080).every(Boolean), 5))
    assert.equal(
      (await networks.endpoints()).map(({ network, ports }) => [
        network,
        ports.map(({ hostAddress, hostPort }) => `${hostAddress}:${hostPort}`),
      ]),
      [
        ['four', ['undefined:8080', '127.0.0.1:8081']],
        ['both', [':::8080']],
      ],
    )
    assert.match(ask(undefined, '127.0.0.1', 8081) ?? '', 'one')
    await first.disconnect()
    assert.ok(answers(8080).every(Boolean), 'moved')
    const [only] = await networks.endpoints()
    assert.equal(
      only?.ports.map(({ hostPort, shared }) => [hostPort, shared]),
      [
        [8080, undefined],
        [8081, undefined],
      ],
    )
    // The IPv4 part of the same port of the other network.
    await six.connect({ netns: c1, gatewayPriority: 1 })
    assert.ok(await until(() => answers(8080).every(Boolean), 5))
    await later.disconnect()
    assert.equal(answers(8080), [false, false], 'its owner has gone')
    assert.is(server.process.exitCode, null)
  })

  test('a range of host ports gives a free one; equal mappings are one, and others are given twice', async () => {
    await using networks = await open()
    const { four } = await three(networks)
    const chosen = async (name: string, ...ports: string[]) =>
      (await four.connect({ netns: namespace(name), ports })).ports.map(
        ({ hostAddress, hostPort, port }) => `${hostAddress ?? '*'}:${hostPort}:${port}`,
      )
    assert.equal(await chosen('c1', '8000-8001:80', '8080:80', '8080:80/tcp'), [
      '*:8000:80',
      '*:8080:80',
    ])
    await using _ = await serve(undefined, 'host', 8001)
    assert.equal(await chosen('c2', '8000-8002:80'), ['*:8002:80'])
    const [free] = await chosen('c3', '0:80')
    assert.match(free ?? '', /^\*:\d{5}:80$/)
    assert.equal(await chosen('c4', '127.0.0.1:90:80', '90:80'), ['*:90:80'], 'covered')
    const c5 = namespace('c5')
    for (const ports of [
      ['91:80', '91:81'],
      ['91:80', '127.0.0.1:91:81'],
      ['91-92:80-81', '92:80'],
    ]) {
      const twice = await errorOf(four.connect({ netns: c5, ports }))
      assert.equal([twice.code, /names it twice/.test(twice.reason)], ['port-in-use', true])
    }
    const none = await errorOf(four.connect({ netns: c5, ports: ['8000-8001:80'] }))
    assert.equal([none.code, none.reason], ['ports-exhausted', 'all ports of 8000-8001 are in use'])
    assert.equal(
      await chosen('c5', '0.0.0.0:91:80', '[::]:91:81').catch(({ code }) => code),
      'port-unusable',
    )
  })

  test('a namespace is connected twice only by a named interface, and a MAC belongs to one interface of a network', async () => {
    await using networks = await open()
    const { four } = await three(networks)
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const first = await four.connect({ netns: c1 })
    const twice = await errorOf(four.connect({ netns: c1 }))
    assert.is(
      twice.message,
      'cannot connect to the network four: the namespace /run/netns/c1 is connected to it already, by its interface eth0',
    )
    await four.connect({ netns: c1, interface: 'more' })
    const bridge = /link\/ether (\S+)/.exec(sh('ip link show nd-four'))?.[1] ?? ''
    const port = /link\/ether (\S+)/.exec(sh(`ip link show ${first.hostInterface}`))?.[1] ?? ''
    for (const [mac, holder] of [
      [first.mac, 'the namespace /run/netns/c1'],
      [first.mac.toUpperCase(), 'the namespace /run/netns/c1'],
      [bridge, 'the bridge nd-four'],
      [port, 'the namespace /run/netns/c1'],
    ] as const) {
      const taken = await errorOf(four.connect({ netns: c2, mac }))
      assert.equal(
        [taken.code, taken.reason],
        ['mac-taken', `a MAC address must be unique in its network, and ${holder} has it in four`],
      )
    }
    assert.is(await codeOf(four.connect({ netns: c2, mac: '01:00:5e:00:00:01' })), 'mac-malformed')
    // The usual MAC of the next address, which its own endpoint then cannot have.
    const usual = await four.connect({ netns: c2, address: '10.77.4.200' })
    await usual.disconnect()
    await four.connect({ netns: c2, mac: usual.mac, address: '10.77.4.100' })
    const other = await four.connect({ netns: namespace('c3'), address: '10.77.4.200' })
    assert.is.not(other.mac, usual.mac)
    assert.ok(pings('/run/netns/c3', '10.77.4.100'))
  })

  test('what a namespace had is free as soon as the namespace has ended', async () => {
    await using networks = await open()
    const { four } = await three(networks)
    const request = { address: '10.77.4.9', ports: ['8080:80'], mac: '02:00:00:00:00:09' }
    for (const name of ['c1', 'c2', 'c3']) {
      await four.connect({ netns: namespace(name), ...request })
      sh(`ip netns delete ${name}`)
    }
    // A namespace at the same path, with the address of the last one.
    const again = await four.connect({ netns: namespace('c3'), ...request })
    assert.equal([again.interface, again.defaultRoute], ['eth0', true])
    assert.is((await networks.endpoints()).length, 1)
    const c4 = namespace('c4')
    const taken = await errorOf(four.connect({ netns: c4, address: '10.77.4.9' }))
    assert.is(taken.reason, 'the namespace /run/netns/c3 has it')
  })

  test('endpoints that version 0.1.0 recorded give their route and their ports away, too', async () => {
    await using networks = await open()
    const { four, both } = await three(networks)
    const netns = namespace('c1')
    const first = await four.connect({ netns, ports: ['8080:80'] })
    const second = await both.connect({ netns })
    sh('ip -n c1 -6 route delete default')
    // That version led both families through the first network, and kept no more than this.
    await networks.store.update((transaction) => {
      for (const { id, netnsInode, interface: link, network } of [first, second]) {
        const key = `endpoint/${network}/${id}`
        const old = transaction.record<Record<string, unknown>>(key) ?? {}
        const { gateways: _, ...record } = old
        transaction.setRecord(key, { ...record, defaultRoute: id === first.id })
        transaction.setRecord(`place/${netnsInode}/${id}`, {
          interface: link,
          defaultRoute: id === first.id,
        })
      }
    })
    assert.is(waysOut('c1'), 'eth0 -')
    await first.disconnect()
    assert.is(waysOut('c1'), 'eth1 eth1')
    assert.ok(pings(netns, outside4))
  })

  test('a bridge that another program deletes gives its route and its ports away at reconcile', async () => {
    await using networks = await open()
    const { four, both } = await three(networks)
    const netns = namespace('c1')
    await using server = await serve(netns, 'one', 80)
    await four.connect({ netns })
    await both.connect({ netns, ports: ['8080:80'] })
    assert.match(ask('/run/netns/outside', '203.0.113.2', 8080) ?? '', 'one')
    sh('ip link delete nd-four')
    const { lost } = await networks.reconcile()
    assert.equal(
      lost.map(({ network }) => network),
      ['four'],
    )
    assert.is(waysOut('c1'), 'eth1 eth1')
    assert.match(ask('/run/netns/outside', '203.0.113.2', 8080) ?? '', 'one')
    await four.connect({ netns, interface: 'back' })
    assert.is(waysOut('c1'), 'eth1 eth1', 'it is the last one now')
    const taken = await errorOf(both.connect({ netns, interface: 'back' }))
    assert.equal(
      [taken.code, taken.reason],
      ['interface-exists', 'the namespace /run/netns/c1 has the interface back already'],
    )
    assert.is(server.process.exitCode, null)
  })
})

// Connects namespaces to several networks of both families, and changes them live: the kernel always has one way out of each family, and answers each published port.
import * as assert from 'uvu/assert'
import type { Networks } from '../../lib/index.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'
import { ask, namespace, pings, serve } from '../helpers/talk.ts'
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
})

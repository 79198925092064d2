// Pools and addresses that are requested apart from networks: they are stored, given once among processes, adopted, given back, and refused while in use.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { batchApplier, openNetworks } from '../../lib/index.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { audit } from '../helpers/audit.ts'
import { codeOf, errorOf, networkSuite, newDirectory, open } from '../helpers/networks.ts'
import { sh, succeeds } from '../helpers/sandbox.ts'

const netns = '/run/netns/c1'
const subnet = '10.5.0.0/24'
const library = JSON.stringify(join(import.meta.dirname, '../../lib/index.ts'))

networkSuite('ipam', (test) => {
  test('a pool is requested, adopted by a network, given back and released', async () => {
    sh('ip netns add c1')
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const { ipam } = networks
    const pool = await ipam.requestPool({
      subnet,
      gateway: '10.5.0.254',
      ipRange: '10.5.0.128/25',
      reserved: ['10.5.0.128'],
    })
    assert.equal(pool, {
      subnet,
      gateway: '10.5.0.254',
      ipRange: '10.5.0.128-10.5.0.255',
      reserved: ['10.5.0.128'],
      requested: true,
    })
    assert.equal(await ipam.pools(), [pool])
    assert.is(await codeOf(networks.create({ name: 'web', subnet })), 'subnet-overlap')
    const web = await networks.create({ name: 'web', pool: pool.subnet })
    assert.equal(web.subnets, [{ subnet, gateway: '10.5.0.254' }])
    assert.equal(await ipam.pools(), [{ ...pool, network: 'web' }])
    const endpoint = await web.connect({ netns })
    assert.equal(endpoint.addresses, ['10.5.0.129/24'])
    assert.ok(succeeds('ip netns exec c1 ping -c 1 -w 20 198.51.100.1'))
    const inUse = await errorOf(ipam.releasePool(subnet))
    assert.equal([inUse.code, inUse.reason], ['pool-in-use', 'the network web has it'])
    const twice = await errorOf(networks.create({ name: 'two', pool: subnet }))
    assert.equal([twice.code, twice.reason], ['pool-in-use', 'the network web has it'])
    assert.is((await networks.ensure({ name: 'web', pool: subnet })).created, false)
    assert.is(
      await codeOf(networks.ensure({ name: 'web', pool: '10.6.0.0/24' })),
      'network-differs',
    )
    await audit(stateDirectory, 'nftables')
    await web.remove({ force: true })
    assert.equal(await ipam.pools(), [pool])
    await ipam.releasePool(subnet)
    assert.is(await codeOf(ipam.releasePool(subnet)), 'pool-missing')
    assert.is(await codeOf(networks.create({ name: 'web', pool: subnet })), 'pool-missing')
    await using other = await networks.create({ name: 'web', subnet })
    assert.equal(other.subnets, [{ subnet, gateway: '10.5.0.1' }])
    assert.is(await codeOf(ipam.releasePool(subnet)), 'pool-in-use')
  })

  test('both families, and subnets that are chosen', async () => {
    await using networks = await open()
    const { ipam } = networks
    const [four, next] = [await ipam.requestPool(), await ipam.requestPool()]
    const six = await ipam.requestPool({ family: 6 })
    assert.match(four.subnet, /^10\.213\.0\.0\/24$/)
    assert.is.not(next.subnet, four.subnet)
    assert.match(six.subnet, /^fd.*\/64$/)
    {
      await using both = await networks.create({
        name: 'both',
        pool: four.subnet,
        pool6: six.subnet,
      })
      assert.equal(
        both.subnets.map((one) => one.subnet),
        [four.subnet, six.subnet],
      )
      await using alone = await networks.create({
        name: 'chosen',
        pool6: (await ipam.requestPool({ subnet: 'fd00:7::/64' })).subnet,
      })
      assert.equal(alone.subnets, [{ subnet: 'fd00:7::/64', gateway: 'fd00:7::1' }])
      // A subnet that is in use by the host by now.
      sh('ip address add 10.213.1.9/24 dev eth0')
      assert.is(await codeOf(networks.create({ name: 'c', pool: next.subnet })), 'subnet-overlap')
      sh('ip address del 10.213.1.9/24 dev eth0')
    }
    assert.equal(
      (await ipam.pools()).map(({ requested, network }) => [requested, network]),
      Array.from({ length: 4 }, () => [true, undefined]),
    )
    for (const { subnet: each } of await ipam.pools()) await ipam.releasePool(each)
    assert.equal(await ipam.pools(), [])
  })

  test('an address is requested, adopted by connect, given back and released', async () => {
    sh('ip netns add c1; ip netns add c2')
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    const { ipam } = networks
    for (const kind of ['requested', 'own']) {
      if (kind === 'requested') await ipam.requestPool({ subnet })
      const web = await networks.create({
        name: 'web',
        ...(kind === 'requested' ? { pool: subnet } : { subnet }),
      })
      const [address, second] = [
        await ipam.requestAddress(subnet),
        await ipam.requestAddress(subnet, { address: '10.5.0.3' }),
      ]
      assert.equal([address, second], ['10.5.0.2', '10.5.0.3'])
      assert.is(await codeOf(ipam.requestAddress(subnet, { address })), 'address-taken')
      assert.is(
        await codeOf(ipam.requestAddress(subnet, { address: '10.5.0.1' })),
        'address-reserved',
      )
      assert.is(
        await codeOf(ipam.requestAddress(subnet, { address: '10.6.0.1' })),
        'address-out-of-range',
      )
      // Without a request for it, another endpoint gets another address.
      const other = await web.connect({ netns: '/run/netns/c2' })
      assert.equal(other.addresses, ['10.5.0.4/24'])
      const endpoint = await web.connect({ netns, address })
      assert.equal(endpoint.addresses, ['10.5.0.2/24'])
      assert.ok(succeeds('ip netns exec c2 ping -c 1 -w 20 10.5.0.2'))
      const error = await errorOf(ipam.releaseAddress(subnet, address))
      assert.equal(
        [error.code, error.reason],
        ['address-not-owned', 'the namespace /run/netns/c1 has it'],
      )
      assert.is(await codeOf(web.connect({ netns, interface: 'eth5', address })), 'address-taken')
      assert.is(await codeOf(ipam.releaseAddress(subnet, '10.5.0.4')), 'address-not-owned')
      await audit(stateDirectory, 'nftables')
      await endpoint.disconnect()
      await other.disconnect()
      assert.is(await codeOf(ipam.requestAddress(subnet, { address })), 'address-taken')
      if (kind === 'own') {
        const requested = await errorOf(web.remove())
        assert.equal([requested.code, requested.retryable], ['pool-in-use', true])
        await ipam.releaseAddress(subnet, address)
        await ipam.releaseAddress(subnet, second)
        assert.is(await codeOf(ipam.releaseAddress(subnet, second)), 'address-not-owned')
        const last = await ipam.requestAddress(subnet)
        assert.is(last, '10.5.0.5')
        await web.remove({ force: true })
      } else {
        await web.remove()
        assert.is(await codeOf(ipam.releasePool(subnet)), 'pool-in-use')
        await ipam.releaseAddress(subnet, address)
        await ipam.releaseAddress(subnet, second)
        await ipam.releasePool(subnet)
      }
      assert.equal(await ipam.pools(), [])
    }
    await audit(stateDirectory, 'nftables')
  })

  test('processes that request at the same time never get the same pool or address', async () => {
    const stateDirectory = newDirectory()
    await using networks = await open({ stateDirectory })
    await networks.ipam.requestPool({ subnet })
    const file = join(stateDirectory, 'requests.ts')
    writeFileSync(
      file,
      `import { openNetworks } from ${library}
      await using networks = await openNetworks({ stateDirectory: ${JSON.stringify(stateDirectory)} })
      for (let round = 0; round < 8; round++)
        console.log(await networks.ipam.requestAddress('${subnet}'), (await networks.ipam.requestPool()).subnet)`,
    )
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
        let seen = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (seen += text))
        await once(child, 'close')
        return seen.trim().split('\n')
      }),
    )
    const lines = outputs.flat().map((line) => line.split(' '))
    assert.is(lines.length, 32)
    for (const column of [0, 1])
      assert.is(new Set(lines.map((line) => line[column])).size, 32, `column ${column}`)
    assert.is((await networks.ipam.pools()).length, 33)
  })

  test('they outlive a reboot, a failed create and a crash in it', async () => {
    const directory = newDirectory()
    const failing = { ...batchApplier, apply: async () => Promise.reject(new Error('no')) }
    {
      const store = await openSqliteStore({ directory })
      await using networks = await openNetworks({ store, applier: failing })
      await networks.ipam.requestPool({ subnet })
      await networks.ipam.requestAddress(subnet)
      await networks.create({ name: 'web', pool: subnet }).then(
        () => assert.unreachable(),
        () => {},
      )
    }
    {
      sh('ip netns add c1')
      const store = await openSqliteStore({ directory, bootId: 'second' })
      await using networks = await openNetworks({ store })
      await networks.reconcile()
      assert.equal(
        (await networks.ipam.pools()).map(({ network }) => network),
        [undefined],
      )
      const web = await networks.create({ name: 'web', pool: subnet })
      await web.connect({ netns, address: '10.5.0.2' })
    }
    sh('ip link delete nd-web; ip netns delete c1; nft flush ruleset')
    const store = await openSqliteStore({ directory, bootId: 'third' })
    await using networks = await openNetworks({ store })
    const { lost } = await networks.reconcile()
    assert.is(lost.length, 1)
    const { ipam } = networks
    assert.is(await codeOf(ipam.requestAddress(subnet, { address: '10.5.0.2' })), 'address-taken')
    await ipam.releaseAddress(subnet, '10.5.0.2')
    await networks.remove('web')
    await ipam.releasePool(subnet)
  })

  test('malformed requests are refused', async () => {
    await using networks = await open()
    const { ipam } = networks
    for (const [options, code] of [
      [{ subnet: '10.5.0.1/24' }, 'subnet-host-bits'],
      [{ subnet: 'x' }, 'subnet-malformed'],
      [{ subnet: '127.0.0.0/24' }, 'subnet-unusable'],
      [{ subnet: '10.5.0.0/31' }, 'subnet-too-small'],
      [{ gateway: '10.5.0.1' }, 'usage'],
      [{ subnet, family: 6 }, 'usage'],
      [{ subnet, gateway: '10.6.0.1' }, 'address-out-of-range'],
      [{ subnet, gateway: 'fd00::1' }, 'address-out-of-range'],
      [{ subnet, ipRange: '10.5.0.9-10.5.0.2' }, 'range-malformed'],
    ] as const)
      assert.is(await codeOf(ipam.requestPool(options)), code, JSON.stringify(options))
    assert.equal(await ipam.pools(), [])
    assert.is(await codeOf(ipam.requestAddress(subnet)), 'pool-missing')
    assert.is(await codeOf(ipam.releaseAddress(subnet, '10.5.0.2')), 'pool-missing')
    assert.is(await codeOf(ipam.releasePool('x')), 'subnet-malformed')
    await ipam.requestPool({ subnet })
    assert.is(await codeOf(ipam.releaseAddress(subnet, 'x')), 'address-malformed')
    for (const more of [
      { subnet },
      { gateway: '10.5.0.9' },
      { ipRange: '10.5.0.0/25' },
      { reserved: ['10.5.0.9'] },
    ]) {
      const error = await errorOf(networks.create({ name: 'web', pool: subnet, ...more }))
      assert.is(error.code, 'usage')
      assert.match(error.reason, `${Object.keys(more)[0]} must not be given together with pool`)
    }
    assert.is(await codeOf(networks.create({ name: 'web', pool6: subnet })), 'usage')
    await networks.close()
    assert.is(await codeOf(ipam.pools()), 'closed')
  })
})

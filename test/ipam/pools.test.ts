// Checks which subnets can become a pool: none that overlaps with another, and none without room.
import * as assert from 'uvu/assert'
import { AddressRange } from '../../lib/address/address-range.ts'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { createPool, type PoolRequest } from '../../lib/ipam/pools.ts'
import { listPools } from '../../lib/ipam/pool-records.ts'
import type { Store } from '../../lib/store/store.ts'
import { rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { withStores } from './with-stores.ts'

suite('create pool', (defineTest) => {
  const test = withStores(defineTest)

  test('a pool is stored as requested', async (store) => {
    const request = {
      gateway: IpAddress.parse('10.0.0.200'),
      range: AddressRange.parse('10.0.0.128/26'),
      reserved: [AddressRange.parse('10.0.0.130-10.0.0.140')],
    }
    const made = await create(store, '10.0.0.0/24', request)
    await create(store, '9.0.0.0/24', { owner: 'other' })
    const listed = await store.read(listPools)
    assert.is(JSON.stringify(listed[1]), JSON.stringify(made))
    assert.equal(
      listed.map(({ subnet, gateway, owner }) => `${subnet} ${gateway} ${owner}`),
      ['9.0.0.0/24 9.0.0.1 other', '10.0.0.0/24 10.0.0.200 net'],
    )
  })

  test('a subnet that overlaps with another pool is refused (the tutorial accepts it)', async (store) => {
    await create(store, '10.1.0.0/16')
    for (const text of ['10.1.0.0/16', '10.0.0.0/8', '10.1.255.0/24', '10.1.0.0/17']) {
      const error = await rejects('subnet-overlap', create(store, text))
      assert.match(error.message, /10\.1\.0\.0\/16, the pool of net$/)
    }
    await create(store, '10.2.0.0/16')
    await create(store, '10.0.0.0/16')
    assert.is((await store.read(listPools)).length, 3)
  })

  test('a subnet that overlaps with a route or address of the host is refused; a default route is ignored', async (store) => {
    const used = [
      { subnet: Subnet.parse('0.0.0.0/0'), use: 'the default route' },
      { subnet: Subnet.parse('::/0'), use: 'the default route' },
      { subnet: Subnet.parse('192.168.0.0/16'), use: 'the route via eth0' },
      { subnet: Subnet.parse('10.0.0.7/32'), use: 'the address of eth1' },
    ]
    for (const [text, use] of [
      ['192.168.5.0/24', 'the route via eth0'],
      ['10.0.0.0/24', 'the address of eth1'],
    ] as const) {
      const error = await rejects('subnet-overlap', create(store, text, { used }))
      assert.match(error.message, use)
    }
    await create(store, '10.0.1.0/24', { used })
    await create(store, 'fd00::/64', { used })
  })

  test('a subnet without room for a gateway and an endpoint is refused', async (store) => {
    for (const text of ['10.0.0.0/31', '10.0.0.0/32', 'fd00::/127', 'fd00::1/128'])
      await rejects('subnet-too-small', create(store, text))
    const everything = { reserved: [AddressRange.parse('10.0.0.0/24')] }
    await rejects('subnet-too-small', create(store, '10.0.0.0/24', everything))
    const onlyTheGateway = { range: AddressRange.parse('10.0.0.1') }
    await rejects('subnet-too-small', create(store, '10.0.0.0/24', onlyTheGateway))
    await create(store, '10.0.0.0/30')
    await create(store, 'fd00::/126')
  })

  test('a gateway, range or reserved range outside of the subnet is refused, and so is a gateway that no host may have', async (store) => {
    for (const wrong of [
      { gateway: IpAddress.parse('10.0.1.1') },
      { gateway: IpAddress.parse('fd00::1') },
      { range: AddressRange.parse('10.0.0.200-10.0.1.5') },
      { range: AddressRange.parse('9.255.255.0-10.0.0.9') },
      { reserved: [AddressRange.parse('10.0.0.9'), AddressRange.parse('10.0.1.0')] },
    ])
      await rejects('address-out-of-range', create(store, '10.0.0.0/24', wrong))
    for (const gateway of ['10.0.0.0', '10.0.0.255'])
      await rejects(
        'address-reserved',
        create(store, '10.0.0.0/24', { gateway: IpAddress.parse(gateway) }),
      )
    assert.equal(await store.read(listPools), [])
  })

  test('loopback, link-local, multicast and other special subnets are refused', async (store) => {
    const special = ['0.0.0.0/0', '0.1.0.0/16', '127.5.0.0/16', '169.254.0.0/16', '224.0.0.0/24']
    const special6 = ['::/0', '::/64', '::ffff:10.0.0.0/120', 'fe80::/64', 'ff02::/64']
    for (const text of [...special, '240.0.0.0/8', '255.255.255.0/24', ...special6])
      await rejects('subnet-unusable', create(store, text))
  })

  test('a request without a subnet gets a free private subnet', async (store) => {
    const used = [{ subnet: Subnet.parse('10.213.0.0/23'), use: 'a route' }]
    await create(store, '10.213.2.0/24')
    const chosen = await store.update((transaction) =>
      createPool(transaction, { owner: 'a', used }),
    )
    assert.is(`${chosen.subnet}`, '10.213.3.0/24')
    const six = await store.update((transaction) =>
      [1, 2].map(() => createPool(transaction, { owner: 'b', family: 6 }).subnet),
    )
    for (const subnet of six) assert.match(`${subnet}`, /^fd[0-9a-f:]+::\/64$/)
    assert.is.not(`${six[0]}`, `${six[1]}`)
    const tunnel = [{ subnet: Subnet.parse('10.0.0.0/8'), use: 'a route', kind: 'route' as const }]
    const beside = await store.update((transaction) =>
      createPool(transaction, { owner: 'd', used: tunnel }),
    )
    assert.is(`${beside.subnet}`, '172.16.0.0/24', 'not where a route leads elsewhere')
    const all = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((subnet) => ({
      subnet: Subnet.parse(subnet),
      use: 'an address',
    }))
    await rejects(
      'subnets-exhausted',
      store.update((transaction) => createPool(transaction, { owner: 'c', used: all })),
    )
  })
})

async function create(store: Store, subnet: string, more: Partial<PoolRequest> = {}) {
  const request = { owner: 'net', subnet: Subnet.parse(subnet), ...more }
  return store.update((transaction) => createPool(transaction, request))
}

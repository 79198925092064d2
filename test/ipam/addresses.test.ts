// Checks allocation and release; each defect of the tutorial's IPAM and each public bug thread has its test.
import * as assert from 'uvu/assert'
import { AddressRange } from '../../lib/address/address-range.ts'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { allocateAddress, releaseAddress, releaseDeadLeases } from '../../lib/ipam/addresses.ts'
import { createPool, type PoolRequest } from '../../lib/ipam/pools.ts'
import { listLeases } from '../../lib/ipam/leases.ts'
import { bitmapOf } from '../../lib/ipam/pool-records.ts'
import { removePool } from '../../lib/ipam/pools.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import type { Store, Transaction } from '../../lib/store/store.ts'
import { rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { inDirectory, withStores } from './with-stores.ts'

const address = (text: string) => IpAddress.parse(text)

suite('addresses', (defineTest) => {
  const test = withStores(defineTest)

  test('the address and the record of its user are written together or not at all (libnetwork 1790)', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24')
    const failed = store.update((transaction) => {
      transaction.setRecord(
        'endpoint/1',
        `${allocateAddress(transaction, subnet, { owner: 'e1' })}`,
      )
      throw new Error('the endpoint could not be made')
    })
    assert.match(await failed.catch(String), 'could not be made')
    assert.equal(await contents(store, subnet), [])
    const given = await store.update((transaction) => {
      const given = allocateAddress(transaction, subnet, { owner: 'e1' })
      transaction.setRecord('endpoint/1', `${given}`)
      return given
    })
    // The failure did not lose the address.
    assert.is(`${given}`, '10.0.0.2')
    assert.equal(await contents(store, subnet), ['10.0.0.2 e1'])
  })

  test('a /24 gives every address but network, broadcast and gateway (the tutorial gives 256; podman 4.3.1 and host-local 1.1.1 give the last)', async (store) => {
    const subnet = await pool(store, '192.168.0.0/24')
    const given = await allocateMany(store, subnet, 253)
    const expected = Array.from({ length: 253 }, (_, n) => `192.168.0.${n + 2}`)
    assert.equal(given, expected)
    await rejects('pool-exhausted', allocate(store, subnet))
  })

  test('a /16 carries over to x.y.1.0 (the tutorial gives x.y.0.0), and keeps 5,000 leases (the tutorial reads 2,000 bytes)', async (store) => {
    const subnet = await pool(store, '172.18.0.0/16')
    const given = await allocateMany(store, subnet, 5000)
    assert.equal(given.slice(252, 255), ['172.18.0.254', '172.18.0.255', '172.18.1.0'])
    assert.is(new Set(given).size, 5000)
    assert.is((await contents(store, subnet)).length, 5000)
  })

  test('an allocation in a /8 writes three values and 3 KiB (the tutorial writes 16 MiB, one byte per address)', async (store) => {
    const subnet = await pool(store, '10.0.0.0/8')
    const written: string[] = []
    let size = 0
    await store.update((transaction) => {
      const counting: Transaction = {
        ...transaction,
        setRecord: (key, value) => {
          written.push(key)
          size += JSON.stringify(value).length
          transaction.setRecord(key, value)
        },
        setBytes: (key, value) => {
          written.push(key)
          size += value.length
          transaction.setBytes(key, value)
        },
      }
      allocateAddress(counting, subnet, { owner: 'e', address: address('10.200.0.9') })
      allocateAddress(counting, subnet, { owner: 'e' })
    })
    assert.equal(written, [
      'ipam/page/10.0.0.0/8/0/320',
      'ipam/lease/10.0.0.0/8/10.200.0.9',
      'ipam/cursor/10.0.0.0/8',
      'ipam/page/10.0.0.0/8/0/0',
      'ipam/lease/10.0.0.0/8/10.0.0.2',
    ])
    assert.ok(size < 2 * 3 * 1024, `${size} bytes`)
  })

  test('a range that ends with its subnet does not give the broadcast address', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24', { range: AddressRange.parse('10.0.0.252/30') })
    assert.equal(await allocateMany(store, subnet, 3), ['10.0.0.252', '10.0.0.253', '10.0.0.254'])
    await rejects('pool-exhausted', allocate(store, subnet))
  })

  test('exhaustion is an error, and a released address can be allocated again (the tutorial returns nil and no error)', async (store) => {
    const subnet = await pool(store, '10.0.0.0/29')
    await allocateMany(store, subnet, 5)
    const error = await rejects('pool-exhausted', allocate(store, subnet))
    assert.match(error.message, '10.0.0.0/29')
    await release(store, subnet, '10.0.0.4')
    assert.is(await allocate(store, subnet), '10.0.0.4')
  })

  test('a released address is reused only after the rest of the range (moby 36069)', async (store) => {
    const subnet = await pool(store, '10.0.0.0/29')
    const given: string[] = []
    for (let n = 0; n < 10; n++) {
      const next = await allocate(store, subnet)
      await release(store, subnet, next)
      given.push(next.slice(-1))
    }
    assert.is(given.join(''), '2345623456')
  })

  test('only the owner can release an address, and only once; release changes no argument (the tutorial frees any address)', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24')
    await allocate(store, subnet, 'e1')
    const request = Object.freeze({ owner: 'e2', address: address('10.0.0.2') })
    const error = await rejects(
      'address-not-owned',
      store.update((transaction) => releaseAddress(transaction, subnet, request)),
    )
    assert.match(error.message, 'e1 has it')
    assert.is(`${request.address}`, '10.0.0.2')
    await rejects('address-not-owned', release(store, subnet, '10.0.0.3', 'e1'))
    await rejects('address-not-owned', release(store, subnet, '10.0.0.1', 'e1'))
    assert.equal(await contents(store, subnet), ['10.0.0.2 e1'])
    await release(store, subnet, '10.0.0.2', 'e1')
    await rejects('address-not-owned', release(store, subnet, '10.0.0.2', 'e1'))
  })

  test('an unknown subnet is an error (the tutorial panics)', async (store) => {
    const unknown = Subnet.parse('10.9.9.0/24')
    await rejects('pool-missing', allocate(store, unknown))
    await rejects('pool-missing', release(store, unknown, '10.9.9.2'))
    await rejects(
      'pool-missing',
      store.update((transaction) => removePool(transaction, unknown)),
    )
  })

  test('a requested address may be outside of the range, is given once, and must not be reserved', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24', {
      gateway: address('10.0.0.254'),
      range: AddressRange.parse('10.0.0.64/26'),
      reserved: [AddressRange.parse('10.0.0.8-10.0.0.9'), AddressRange.parse('10.0.0.65')],
    })
    assert.is(await allocate(store, subnet, 'e1', '10.0.0.200'), '10.0.0.200')
    const taken = await rejects('address-taken', allocate(store, subnet, 'e2', '10.0.0.200'))
    assert.match(taken.message, 'e1 has it')
    for (const reserved of ['10.0.0.0', '10.0.0.255', '10.0.0.254', '10.0.0.8', '10.0.0.9'])
      await rejects('address-reserved', allocate(store, subnet, 'e2', reserved))
    for (const outside of ['10.0.1.0', '9.255.255.255', '::a00:1', '2001:db8::1'])
      await rejects('address-out-of-range', allocate(store, subnet, 'e2', outside))
    await rejects('address-out-of-range', release(store, subnet, '10.0.1.0'))
    assert.equal(await allocateMany(store, subnet, 2), ['10.0.0.64', '10.0.0.66'])
  })

  test('IPv6: the prefix stays as it is (the tutorial corrupts it), and a /64 and a /48 cost a few keys', async (store) => {
    for (const text of ['2001:db8:0:1::/64', 'fd00:20:30::/48']) {
      const subnet = await pool(store, text)
      const prefix = text.split('/')[0]
      assert.equal(await allocateMany(store, subnet, 2), [`${prefix}2`, `${prefix}3`])
      const last = `${subnet.last}`
      assert.is(await allocate(store, subnet, 'e', last), last)
      const keys = await store.read((transaction) => transaction.keys('ipam/page/'))
      assert.ok(keys.length <= 4, `${keys.length} pages`)
    }
  })

  test('a pool with addresses in use is not removed; removal leaves no key', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24')
    await allocate(store, subnet, 'e1')
    const remove = () => store.update((transaction) => removePool(transaction, subnet))
    const error = await rejects('pool-in-use', remove())
    assert.match(error.message, 'e1 has 10.0.0.2')
    await release(store, subnet, '10.0.0.2', 'e1')
    await remove()
    assert.equal(await store.read((transaction) => transaction.keys('ipam/')), [])
  })

  test('the leases of one pool are not those of another', async (store) => {
    const subnet = await pool(store, '10.1.0.0/16')
    const other = await pool(store, '10.11.0.0/16')
    await allocate(store, other)
    assert.equal(await contents(store, subnet), [])
  })

  test('a malformed owner is refused: missing, empty, with a space, not ASCII, or too long', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24')
    for (const owner of ['', 'a b', 'a\n', 'é', 'x'.repeat(257)])
      await rejects('owner-malformed', allocate(store, subnet, owner))
    const nobody = store.update((transaction) =>
      Reflect.apply(allocateAddress, undefined, [transaction, subnet, {}]),
    )
    await rejects('owner-malformed', nobody)
  })

  test('leases and a bitmap that disagree are an error, and no address is allocated', async (store) => {
    const subnet = await pool(store, '10.0.0.0/24')
    await allocate(store, subnet, 'e1')
    await store.update((transaction) => bitmapOf(transaction, subnet).remove(2n))
    await rejects('state-corrupt', allocate(store, subnet, 'e2', '10.0.0.2'))
    await rejects('state-corrupt', release(store, subnet, '10.0.0.2', 'e1'))
    await store.update((transaction) => bitmapOf(transaction, subnet).add(9n))
    await rejects('state-corrupt', allocate(store, subnet, 'e2', '10.0.0.9'))
  })

  defineTest(
    'a reboot leaks no address: leases of earlier boots are recognised (cni 204, plugins 252)',
    () =>
      inDirectory(async (directory) => {
        const subnet = Subnet.parse('10.0.0.0/24')
        {
          await using store = await openSqliteStore({ directory, bootId: 'boot-1' })
          await pool(store, `${subnet}`)
          await allocateMany(store, subnet, 3, 'before')
          assert.equal(await releaseDead(store), [])
        }
        await using store = await openSqliteStore({ directory, bootId: 'boot-2' })
        // This lease is older than the first search for dead leases, but its owner lives.
        await allocate(store, subnet, 'after')
        const leases = await store.read((transaction) => listLeases(transaction))
        assert.equal(
          leases.map(({ owner, alive }) => `${owner} ${alive}`),
          ['before false', 'before false', 'before false', 'after true'],
        )
        assert.equal(await releaseDead(store), ['10.0.0.2', '10.0.0.3', '10.0.0.4'])
        assert.equal(await contents(store, subnet), ['10.0.0.5 after'])
        assert.equal(await releaseDead(store), [])
      }),
  )
})

async function pool(
  store: Store,
  subnet: string,
  more: Partial<PoolRequest> = {},
): Promise<Subnet> {
  const request = { owner: 'net', subnet: Subnet.parse(subnet), ...more }
  return store.update((transaction) => createPool(transaction, request).subnet)
}

async function allocate(
  store: Store,
  subnet: Subnet,
  owner = 'e',
  wanted?: string,
): Promise<string> {
  const request = wanted === undefined ? { owner } : { owner, address: address(wanted) }
  return store.update((transaction) => `${allocateAddress(transaction, subnet, request)}`)
}

async function allocateMany(
  store: Store,
  subnet: Subnet,
  count: number,
  owner = 'e',
): Promise<string[]> {
  return store.update((transaction) =>
    Array.from({ length: count }, () => `${allocateAddress(transaction, subnet, { owner })}`),
  )
}

async function release(store: Store, subnet: Subnet, text: string, owner = 'e'): Promise<void> {
  return store.update((transaction) =>
    releaseAddress(transaction, subnet, { owner, address: address(text) }),
  )
}

async function releaseDead(store: Store): Promise<string[]> {
  return store.update((transaction) =>
    releaseDeadLeases(transaction).map(({ address }) => `${address}`),
  )
}

async function contents(store: Store, subnet: Subnet): Promise<string[]> {
  const leases = await store.read((transaction) => listLeases(transaction, subnet))
  return leases.map(({ address, owner }) => `${address} ${owner}`)
}

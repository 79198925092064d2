// Compares the pictures of `netdojo ipam show` with the store, address by address, for subnets of any size.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { AddressRange } from '../../lib/address/address-range.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { draw, type Row } from '../../lib/cli/commands/ipam-picture.ts'
import { drawPool } from '../../lib/cli/commands/ipam-picture.ts'
import { allocateAddress } from '../../lib/ipam/addresses.ts'
import { createPool } from '../../lib/ipam/pools.ts'
import { poolUsage, type PoolUsage } from '../../lib/ipam/usage.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import { suite } from '../helpers/suite.ts'

suite('ipam show', (test) => {
  test('a /24 is drawn whole: in use, reserved, the gateway, and the next address', async () => {
    const usage = await poolWith('192.168.0.0/24', {
      taken: 5,
      reserved: ['192.168.0.250-192.168.0.252'],
    })
    assert.is(
      drawPool('web', usage),
      `web  192.168.0.0/24, gateway 192.168.0.1
  192.168.0.0    xG#####> ........ ........ ........
  192.168.0.32   ........ ........ ........ ........
  192.168.0.64   ........ ........ ........ ........
  192.168.0.96   ........ ........ ........ ........
  192.168.0.128  ........ ........ ........ ........
  192.168.0.160  ........ ........ ........ ........
  192.168.0.192  ........ ........ ........ ........
  192.168.0.224  ........ ........ ........ ..xxx..x
  # in use   . free   G gateway   x reserved   > next
  5 in use, 245 free; next: 192.168.0.7
`,
    )
  })

  test('in larger subnets, long runs of one kind are left out', async () => {
    const usage = await poolWith('10.8.0.0/16', { taken: 300, range: '10.8.4.0-10.8.7.255' })
    assert.is(
      drawPool('big', usage),
      `big  10.8.0.0/16, gateway 10.8.0.1
  allocated from: 10.8.4.0-10.8.7.255
  10.8.0.0      xG:::::: :::::::: :::::::: ::::::::
                … 992 on request only
                … 288 in use
  10.8.5.32     ######## ####>... ........ ........
                … 704 free
                … 63,456 on request only
  10.8.255.224  :::::::: :::::::: :::::::: :::::::x
  # in use   . free   G gateway   x reserved   : on request only   > next
  300 in use, 65,233 free; next: 10.8.5.44
`,
    )
  })

  test('an IPv6 subnet has a column wide enough for its addresses', async () => {
    const picture = drawPool('six', await poolWith('fdfd:ffff:ffff:ffff::/64', { taken: 40 }))
    assert.match(picture, '… about 2^64 free')
    assert.match(picture, 'next: fdfd:ffff:ffff:ffff::2a')
    requireNarrow(picture)
  })

  test('a scattered pool is drawn in blocks', async () => {
    const addresses = Array.from(
      { length: 4000 },
      (_, n) => `10.${n % 250}.${n % 7}.${(n % 200) + 9}`,
    )
    const usage = await poolWith('10.0.0.0/8', { addresses: [...new Set(addresses)] })
    const picture = drawPool('wide', usage)
    assert.match(picture, 'each 65,536 addresses')
    assert.match(picture, /10\.224\.0\.0 +1{8} 1{8} 1{8} 11\.\.\.\.\.\.\n/)
    requireNarrow(picture)
  })

  test('every cell agrees with a pool of random shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 20, max: 30 }),
        fc.array(fc.nat(4095), { maxLength: 200 }),
        fc.nat(4095),
        async (prefixLength, offsets, first) => {
          const subnet = new Subnet(new IpAddress(4, 0x0a_00_00_00n), prefixLength)
          const size = Number(subnet.size)
          const from = subnet.first.plus(BigInt(first % (size / 2)))
          const addresses = new Set(
            offsets.map((offset) => `${subnet.first.plus(BigInt(offset % size))}`),
          )
          const usage = await poolWith(`${subnet}`, {
            addresses: [...addresses],
            range: `${new AddressRange(from, subnet.last)}`,
          })
          requireRight(usage, draw(usage).rows, draw(usage).blockSize)
        },
      ),
      { numRuns: 60 },
    )
  })
})

function requireRight(usage: PoolUsage, rows: readonly Row[], blockSize: bigint): void {
  let offset = 0n
  for (const row of rows) {
    if ('skipped' in row) {
      const has = Array.from({ length: Number(row.skipped) }, (_, n) =>
        usage.isInUse(offset + BigInt(n)),
      )
      assert.ok(has.every((inUse) => inUse === (row.cell === '#')))
      offset += row.skipped
      continue
    }
    assert.is(row.offset, offset)
    for (const cell of row.text) {
      const inUse = usage.inUseAmong(offset, blockSize)
      if (blockSize === 1n) assert.is(cell === '#', inUse === 1n)
      else assert.is(cell === '.', inUse === 0n)
      offset += blockSize
    }
  }
  assert.is(offset, usage.pool.subnet.size)
}

function requireNarrow(picture: string): void {
  assert.equal(
    picture.split('\n').filter((line) => line.length > 80),
    [],
  )
}

type Content = {
  readonly taken?: number
  readonly addresses?: readonly string[]
  readonly range?: string
  readonly reserved?: readonly string[]
}

async function poolWith(text: string, content: Content): Promise<PoolUsage> {
  const subnet = Subnet.parse(text)
  const { taken = 0, addresses = [], range, reserved = [] } = content
  await using store = openMemoryStore()
  return store.update((transaction) => {
    createPool(transaction, {
      owner: 'test',
      subnet,
      reserved: reserved.map((text) => AddressRange.parse(text)),
      ...(range === undefined ? {} : { range: AddressRange.parse(range) }),
    })
    for (let n = 0; n < taken; n++) allocateAddress(transaction, subnet, { owner: `o${n}` })
    for (const address of addresses)
      try {
        allocateAddress(transaction, subnet, { owner: 'x', address: IpAddress.parse(address) })
      } catch {
        continue // a reserved address
      }
    return poolUsage(transaction, subnet)
  })
}

// Compares pools of random shape with a simple model: each address, each refusal and each order.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { AddressRange } from '../../lib/address/address-range.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { NetdojoError } from '../../lib/errors.ts'
import { allocateAddress, releaseAddress } from '../../lib/ipam/addresses.ts'
import { createPool } from '../../lib/ipam/pools.ts'
import { listLeases } from '../../lib/ipam/leases.ts'
import { bitmapOf } from '../../lib/ipam/pool-records.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import type { Transaction } from '../../lib/store/store.ts'
import { suite } from '../helpers/suite.ts'
import { ModelPool, type PoolShape } from './model-pool.ts'

type Operation = { readonly kind: string; readonly at: number; readonly owner: string }

const operation = fc.record<Operation>({
  kind: fc.constantFrom('next', 'next', 'ask', 'release'),
  at: fc.nat(63),
  owner: fc.constantFrom('a', 'b'),
})
const shape = fc
  .record({
    text: fc.constantFrom('10.0.0.0/30', '10.0.0.240/28', '10.0.255.192/26', '2001:db8::/124'),
    gateway: fc.nat(63),
    range: fc.tuple(fc.nat(63), fc.nat(63)),
    reserved: fc.array(fc.tuple(fc.nat(63), fc.nat(63)), { maxLength: 2 }),
  })
  .map(({ text, gateway, range, reserved }) =>
    shapeOf(Subnet.parse(text), gateway, range, reserved),
  )

suite('pool', (test) => {
  test('a pool and a plain set give the same addresses, refusals and order', async () => {
    const outcomes = new Set<string>()
    await fc.assert(
      fc.asyncProperty(shape, fc.array(operation, { maxLength: 90 }), async (shape, operations) => {
        await using store = openMemoryStore()
        const model = new ModelPool(shape)
        const created = await store.update((transaction) =>
          codeOf(() => `${createPool(transaction, { ...shape, owner: 'net' }).subnet}`),
        )
        outcomes.add(created)
        const { subnet, gateway } = shape
        const isNoHost =
          gateway.equals(subnet.first) || (subnet.family === 4 && gateway.equals(subnet.last))
        if (isNoHost || model.isUseless) {
          assert.is(created, isNoHost ? 'address-reserved' : 'subnet-too-small')
          return
        }
        assert.is(created, `${shape.subnet}`)
        for (const operation of operations) {
          const done = await store.update((transaction) => perform(transaction, shape, operation))
          assert.is(done, performOnModel(model, shape, operation))
          outcomes.add(/^[a-z-]+$/.test(done) ? done : 'allocated')
        }
        await store.update((transaction) => compare(transaction, shape, model))
      }),
      { numRuns: 300 },
    )
    const wanted = ['address-not-owned', 'address-reserved', 'address-taken', 'allocated']
    for (const outcome of [...wanted, 'pool-exhausted', 'released', 'subnet-too-small'])
      assert.ok(outcomes.has(outcome), `${outcome} never came up`)
  })
})

function shapeOf(
  subnet: Subnet,
  gateway: number,
  range: readonly [number, number],
  reserved: readonly (readonly [number, number])[],
): PoolShape {
  const between = ([a, b]: readonly [number, number]) => {
    const [first, last] = [at(subnet, a), at(subnet, b)]
    return first.compare(last) < 0 ? new AddressRange(first, last) : new AddressRange(last, first)
  }
  return {
    subnet,
    gateway: at(subnet, gateway),
    range: between(range),
    reserved: reserved.map(between),
  }
}

function at(subnet: Subnet, offset: number) {
  return subnet.first.plus(BigInt(offset) % subnet.size)
}

function perform(transaction: Transaction, { subnet }: PoolShape, operation: Operation): string {
  const { kind, owner } = operation
  const address = at(subnet, operation.at)
  return codeOf(() => {
    if (kind === 'next') return `${allocateAddress(transaction, subnet, { owner })}`
    if (kind === 'ask') return `${allocateAddress(transaction, subnet, { owner, address })}`
    releaseAddress(transaction, subnet, { owner, address })
    return 'released'
  })
}

function performOnModel(model: ModelPool, { subnet }: PoolShape, operation: Operation): string {
  const { kind, owner } = operation
  const address = `${at(subnet, operation.at)}`
  if (kind === 'next') return model.next(owner)
  return kind === 'ask' ? model.ask(address, owner) : model.release(address, owner)
}

function compare(transaction: Transaction, { subnet }: PoolShape, model: ModelPool): void {
  const bitmap = bitmapOf(transaction, subnet)
  const marked = model.all.filter((_, offset) => bitmap.has(BigInt(offset)))
  assert.equal(
    marked,
    model.all.filter((address) => model.held.has(address)),
  )
  const leases = listLeases(transaction, subnet)
  assert.equal(
    leases.map(({ address }) => `${address}`),
    marked,
  )
  for (const { address, owner } of leases) assert.is(owner, model.held.get(`${address}`))
}

/** The result, or the code of the refusal. */
function codeOf(body: () => string): string {
  try {
    return body()
  } catch (error) {
    if (error instanceof NetdojoError) return error.code
    throw error
  }
}

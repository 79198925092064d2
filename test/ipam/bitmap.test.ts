// Compares the bitmap with an array of flags, and counts its work on sets that are too large for an array.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { Bitmap, type Pages } from '../../lib/ipam/bitmap.ts'
import { suite } from '../helpers/suite.ts'

const pageBits = 1 << 14

suite('bitmap', (test) => {
  test('agrees with an array of flags on its members and on the first free number', () => {
    const bits = fc.constantFrom(2, 5, 8, 13, 14, 15, 16)
    fc.assert(
      fc.property(bits, operations(), (bits, operations) => {
        const flags = new Uint8Array(2 ** bits)
        const bitmap = new Bitmap(bits, memoryPages().pages)
        for (const { kind, at, length } of operations) {
          const first = at % flags.length
          const last = Math.min(first + length, flags.length) - 1
          change(bitmap, kind, first, last)
          if (kind !== 'look') flags.fill(kind === 'add' ? 1 : 0, first, last + 1)
          assert.is(bitmap.has(BigInt(first)), flags[first] === 1)
          const free = flags.indexOf(0, first)
          const expected = free >= 0 && free <= last ? BigInt(free) : undefined
          assert.is(bitmap.firstFree(BigInt(first), BigInt(last)), expected)
          const anywhere = free < 0 ? undefined : BigInt(free)
          assert.is(bitmap.firstFree(BigInt(first), BigInt(flags.length - 1)), anywhere)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('no empty page is stored, and the level above marks exactly the full pages', () => {
    fc.assert(
      fc.property(operations(), (operations) => {
        const { pages, stored } = memoryPages()
        const bitmap = new Bitmap(16, pages)
        for (const { kind, at, length } of operations)
          change(bitmap, kind, at, Math.min(at + length, 2 ** 16) - 1)
        for (const page of stored.values()) assert.ok(page.some((octet) => octet !== 0))
        const above = stored.get('1/0') ?? new Uint8Array(1)
        for (let index = 0; index < 4; index++) {
          const isFull = stored.get(`0/${index}`)?.every((octet) => octet === 0xff) ?? false
          assert.is(((above[0] ?? 0) >> index) & 1, Number(isFull))
        }
      }),
      { numRuns: 30 },
    )
  })

  test('an IPv6 /64 needs a few pages, wherever its addresses are', () => {
    const { pages, stored } = memoryPages()
    const bitmap = new Bitmap(64, pages)
    const numbers = [0n, 1n, 1n << 40n, (1n << 64n) - 1n]
    for (const n of numbers) bitmap.add(n)
    assert.is(stored.size, 3)
    for (const n of numbers) assert.ok(bitmap.has(n))
    assert.is(bitmap.firstFree(0n, (1n << 64n) - 1n), 2n)
    assert.is(bitmap.firstFree((1n << 64n) - 1n, (1n << 64n) - 1n), undefined)
    for (const n of numbers) bitmap.remove(n)
    assert.is(stored.size, 0)
  })

  test('the one free number of a full set is found by reading two pages a level', () => {
    for (const [bits, free] of [
      [24, (1n << 24n) - 1n],
      [24, 5_000_000n],
      [64, (1n << 63n) + 12_345n],
    ] as const) {
      const { pages, reads } = fullPages(free)
      const bitmap = new Bitmap(bits, pages)
      assert.is(bitmap.firstFree(0n, (1n << BigInt(bits)) - 1n), free)
      assert.ok(reads() <= 2 * Math.ceil(bits / 14), `${reads()} pages were read`)
    }
  })

  test('a page that becomes full or not full updates all levels above', () => {
    const { pages } = fullPages(1n << 41n)
    const bitmap = new Bitmap(42, pages)
    bitmap.add(1n << 41n)
    assert.is(bitmap.firstFree(0n, (1n << 42n) - 1n), undefined)
    bitmap.remove(7n)
    assert.is(bitmap.firstFree(0n, (1n << 42n) - 1n), 7n)
    assert.is(bitmap.firstFree(8n, (1n << 42n) - 1n), undefined)
  })
})

/** Runs that begin and end near the borders of pages as well as anywhere. */
function operations() {
  const at = fc.oneof(
    fc.nat(2 ** 16 - 1),
    fc.tuple(fc.nat(3), fc.nat(80)).map(([page, more]) => page * pageBits + more),
  )
  const length = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(pageBits, 2 * pageBits))
  const kind = fc.constantFrom('add', 'remove', 'look')
  return fc.array(fc.record({ kind, at, length }), { maxLength: 12 })
}

function change(bitmap: Bitmap, kind: string, first: number, last: number): void {
  for (let n = BigInt(first); n <= BigInt(last); n++) {
    if (kind === 'add') bitmap.add(n)
    if (kind === 'remove') bitmap.remove(n)
  }
}

function memoryPages(): { pages: Pages; stored: Map<string, Uint8Array> } {
  const stored = new Map<string, Uint8Array>()
  const pages: Pages = {
    get: (level, index) => stored.get(`${level}/${index}`),
    set: (level, index, page) => stored.set(`${level}/${index}`, page),
    delete: (level, index) => stored.delete(`${level}/${index}`),
  }
  return { pages, stored }
}

/** The pages of a set in which only `free` is missing; each page is made when it is read. */
function fullPages(free: bigint): { pages: Pages; reads: () => number } {
  const { pages, stored } = memoryPages()
  let reads = 0
  const get = (level: number, index: bigint) => {
    reads++
    if (stored.has(`${level}/${index}`)) return pages.get(level, index)
    const page = new Uint8Array(2048).fill(0xff)
    const place = free >> (14n * BigInt(level))
    const bit = Number(place & 0x3fffn)
    if (place >> 14n === index) page[bit >> 3] = 0xff & ~(1 << (bit & 7))
    return page
  }
  return { pages: { ...pages, get }, reads: () => reads }
}

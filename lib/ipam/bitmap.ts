// Keeps a set of numbers below a power of two, one bit each, in a tree of pages. An absent page is empty, and a bit in the
// level above says that the page below is full: so a search skips full pages, and a change writes one page.

/** Bits of a number that select a bit within its page. */
const pageShift = 14n
/** The count of numbers in a page of the lowest level. */
export const pageBits = 1n << pageShift
const smallestPage = 4

/** Stores the pages. Level 0 has a bit for each number, level 1 a bit for each page of level 0, and so on. */
export type Pages = {
  /** The caller owns the page, and may write to it. */
  get(level: number, index: bigint): Uint8Array | undefined
  set(level: number, index: bigint, page: Uint8Array): void
  delete(level: number, index: bigint): void
}

export class Bitmap {
  readonly #bits: bigint
  readonly #pages: Pages

  /** For the numbers from 0 to 2^`bits` - 1. */
  constructor(bits: number, pages: Pages) {
    this.#bits = BigInt(bits)
    this.#pages = pages
  }

  has(n: bigint): boolean {
    const page = this.#pages.get(0, n >> pageShift)
    return page !== undefined && isSet(page, bitOf(n))
  }

  /** Writes the page of `n`, and one page of each level above for as long as that fills a page. */
  add(n: bigint): void {
    for (let level = 0, index = n; ; level++, index >>= pageShift) {
      const pageIndex = index >> pageShift
      const page = this.#pages.get(level, pageIndex) ?? new Uint8Array(this.#pageBytes(level))
      set(page, bitOf(index))
      this.#pages.set(level, pageIndex, page)
      if (this.#isTop(level) || !isFull(page)) return
    }
  }

  /** The reverse of `add`; does nothing when `n` is not in the set. */
  remove(n: bigint): void {
    for (let level = 0, index = n; ; level++, index >>= pageShift) {
      const pageIndex = index >> pageShift
      const page = this.#pages.get(level, pageIndex)
      if (!page) return
      const wasFull = isFull(page)
      clear(page, bitOf(index))
      if (isEmpty(page)) this.#pages.delete(level, pageIndex)
      else this.#pages.set(level, pageIndex, page)
      if (this.#isTop(level) || !wasFull) return
    }
  }

  /** The lowest number from `from` to `to` (both included, below 2^bits) that is not in the set. Reads at most two pages a level. */
  firstFree(from: bigint, to: bigint): bigint | undefined {
    const free = this.#firstClear(0, from)
    return free !== undefined && free <= to ? free : undefined
  }

  #firstClear(level: number, from: bigint): bigint | undefined {
    if (from >= this.#width(level)) return undefined
    const pageIndex = from >> pageShift
    const page = this.#pages.get(level, pageIndex)
    if (!page) return from
    const bit = firstClearBit(page, bitOf(from))
    if (bit !== undefined) return (pageIndex << pageShift) + BigInt(bit)
    if (this.#isTop(level)) return undefined
    const nextPage = this.#firstClear(level + 1, pageIndex + 1n)
    return nextPage === undefined ? undefined : this.#firstClear(level, nextPage << pageShift)
  }

  /** How many bits the level has. */
  #width(level: number): bigint {
    const bits = this.#bits - pageShift * BigInt(level)
    return bits > 0n ? 1n << bits : 1n
  }

  #isTop(level: number): boolean {
    return this.#width(level) <= pageBits
  }

  /** Only the one page of the top level can be shorter than the others. */
  #pageBytes(level: number): number {
    const width = this.#width(level)
    return Math.max(smallestPage, Number(width < pageBits ? width : pageBits) / 8)
  }
}

function bitOf(n: bigint): number {
  return Number(n & (pageBits - 1n))
}

function isSet(page: Uint8Array, bit: number): boolean {
  return ((page[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

function set(page: Uint8Array, bit: number): void {
  page[bit >> 3] = (page[bit >> 3] ?? 0) | (1 << (bit & 7))
}

function clear(page: Uint8Array, bit: number): void {
  page[bit >> 3] = (page[bit >> 3] ?? 0) & ~(1 << (bit & 7))
}

function isEmpty(page: Uint8Array): boolean {
  return page.every((octet) => octet === 0)
}

function isFull(page: Uint8Array): boolean {
  return firstClearBit(page, 0) === undefined
}

/** Word by word: little-endian words keep the order of bits that octets have. */
function firstClearBit(page: Uint8Array, from: number): number | undefined {
  const words = new DataView(page.buffer, page.byteOffset, page.byteLength)
  // In the first word, the bits before `from` count as set.
  let ignored = 2 ** (from & 31) - 1
  for (let octet = (from >> 5) * 4; octet < page.byteLength; octet += 4) {
    const clear = ~(words.getUint32(octet, true) | ignored)
    if (clear !== 0) return octet * 8 + 31 - Math.clz32(clear & -clear)
    ignored = 0
  }
  return undefined
}

// Draws the bitmap of each address pool: cells up to a /28, one square an address up to a /24, and one square for many in larger ones.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { classes, Link } from '../elements.ts'
import { pools, poolsBefore } from '../store.ts'
import type { AddressPool as Pool } from '../../moments.ts'
import { translate } from '../text.ts'

type Kind = 'used' | 'free' | 'gateway' | 'kept'
type Square = {
  readonly offset: number
  readonly kind: Kind
  readonly owner: string
  readonly changed: boolean
  readonly next: boolean
  /** Of many addresses: how many are in use. */
  readonly used: number
}

const squaresPerRow = 64
const mostSquares = 256

export function IpamTab(): ComponentChild {
  const asText = useSignal(false)
  const before = new Map(poolsBefore.value.map((pool) => [pool.subnet, pool]))
  return h('div', { class: 'ipam' }, [
    pools.value.map((pool) =>
      h(PoolView, {
        key: pool.subnet,
        pool,
        before: before.get(pool.subnet),
        asText: asText.value,
      }),
    ),
    !asText.value && h(Legend, {}),
    h(
      'p',
      { class: 'as-text' },
      h(Link, {
        onClick: () => (asText.value = !asText.value),
        children: asText.value ? translate('as squares') : translate('as text'),
      }),
    ),
  ])
}

function PoolView({
  pool,
  before,
  asText,
}: {
  pool: Pool
  before: Pool | undefined
  asText: boolean
}): ComponentChild {
  const { subnet, gateway, next } = pool
  const [first = '', bits = '0'] = subnet.split('/')
  const isSix = first.includes(':')
  const size = isSix ? Infinity : 2 ** (32 - Number(bits))
  const each = Math.max(1, size / mostSquares)
  const inUse = pool.used.length
  const kept = isSix ? [] : pool.reserved.flatMap(addressesOf)
  const free = size - inUse - kept.length - (gateway === null || kept.includes(gateway) ? 0 : 1)
  const small = size <= 16
  return h('section', { class: 'pool' }, [
    h('header', {}, [
      h('h3', { class: 'mono' }, subnet),
      h('span', { class: 'third' }, [
        gateway !== null &&
          translate('gateway {address}', {
            address: small || size <= 256 ? `.${last(gateway)}` : gateway,
          }),
        each > 1 &&
          Number.isFinite(each) &&
          `; ${translate('each square {count} addresses', { count: each.toLocaleString('en') })}`,
      ]),
      h('span', { class: 'grow' }),
      h(
        'span',
        { class: 'third' },
        translate('{used} in use, {free} free; next: {next}', {
          used: inUse.toLocaleString('en'),
          free: Number.isFinite(free) ? free.toLocaleString('en') : '∞',
          next: next ?? translate('none'),
        }),
      ),
    ]),
    asText || isSix
      ? h(
          'ul',
          { class: 'leases' },
          pool.used.map(({ address, owner }) => h('li', {}, [h('code', {}, address), ' ', owner])),
        )
      : small
        ? h(Cells, { squares: squaresOf(pool, before, 1, size), first })
        : h(Squares, { squares: squaresOf(pool, before, each, size), first, each }),
  ])
}

function Cells({ squares, first }: { squares: readonly Square[]; first: string }): ComponentChild {
  return h(
    'ul',
    { class: 'cells' },
    squares.map((square) => {
      const { offset, kind, owner } = square
      return h(
        'li',
        { key: offset, class: squareClass(square), tabIndex: 0, title: told(square, first, 1) },
        [
          h('b', { class: 'bit' }, kind === 'used' ? '1' : '0'),
          h('span', { class: 'third' }, `.${(last(first) + offset) % 256}`),
          h(
            'strong',
            {},
            kind === 'used' || kind === 'free'
              ? owner
              : kind === 'gateway'
                ? translate('gateway')
                : offset === 0
                  ? translate('network')
                  : translate('broadcast'),
          ),
        ],
      )
    }),
  )
}

function Squares({
  squares,
  first,
  each,
}: {
  squares: readonly Square[]
  first: string
  each: number
}): ComponentChild {
  const rows = Array.from({ length: Math.ceil(squares.length / squaresPerRow) }, (_, row) =>
    squares.slice(row * squaresPerRow, (row + 1) * squaresPerRow),
  )
  return h(
    'div',
    { class: 'squares', role: 'group' },
    rows.map((row, index) =>
      h('div', { class: 'row', key: index }, [
        h('span', { class: 'mono third' }, suffix(first, (row[0]?.offset ?? 0) * each, each)),
        row.map((square) =>
          h('i', {
            key: square.offset,
            class: squareClass(square),
            tabIndex: isTold(square) ? 0 : -1,
            role: 'img',
            title: told(square, first, each),
            'aria-label': told(square, first, each),
            ...(each > 1 && square.used > 0 && square.used < each
              ? { style: { '--filled': `${Math.max(12, (100 * square.used) / each)}%` } }
              : {}),
          }),
        ),
      ]),
    ),
  )
}

function Legend(): ComponentChild {
  const items: readonly (readonly [string, string])[] = [
    ['used', translate('in use')],
    ['free', translate('free')],
    ['gateway', translate('gateway')],
    ['kept', translate('kept back: network and broadcast')],
    ['free changed', translate('changed last')],
    ['free next', translate('next')],
  ]
  return h(
    'ul',
    { class: 'legend' },
    items.map(([kind, text]) => h('li', {}, [h('i', { class: `square ${kind}` }), text])),
  )
}

function squaresOf(
  pool: Pool,
  before: Pool | undefined,
  each: number,
  size: number,
): readonly Square[] {
  const start = numberOf(pool.subnet.split('/')[0] ?? '')
  const place = (address: string) => Math.floor((numberOf(address) - start) / each)
  const owners = new Map<number, string[]>()
  for (const { address, owner } of pool.used)
    owners.set(place(address), [...(owners.get(place(address)) ?? []), owner])
  const kept = new Set(each === 1 ? pool.reserved.flatMap(addressesOf).map(place) : [])
  const gateway = pool.gateway !== null && each === 1 ? place(pool.gateway) : -1
  const next = pool.next === null ? -1 : place(pool.next)
  const changed = new Set(changedPlaces(pool, before).map(place))
  return Array.from({ length: Math.ceil(size / each) }, (_, offset) => {
    const own = owners.get(offset) ?? []
    const kind =
      offset === gateway ? 'gateway' : kept.has(offset) ? 'kept' : own.length > 0 ? 'used' : 'free'
    return {
      offset,
      kind,
      owner: own[0] ?? '',
      used: own.length,
      changed: changed.has(offset),
      next: offset === next,
    }
  })
}

/** Of one address, or of a range as `172.18.0.9-172.18.0.20`. */
function addressesOf(text: string): readonly string[] {
  const [first = '', last = first] = text.split('-')
  const [from, to] = [numberOf(first), numberOf(last)]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => addressOf(from + index))
}

/** Addresses that were given or returned since the pool before; a new pool has no change. */
function changedPlaces(pool: Pool, before: Pool | undefined): readonly string[] {
  if (!before) return []
  const [old, now] = [before, pool].map(({ used }) => new Set(used.map(({ address }) => address)))
  return [...pool.used, ...before.used]
    .map(({ address }) => address)
    .filter((address) => old?.has(address) !== now?.has(address))
}

function squareClass({ kind, changed, next, used }: Square): string {
  return classes('square', kind, changed && 'changed', next && 'next', used > 1 && 'many')
}

function isTold({ kind, changed, next }: Square): boolean {
  return kind !== 'free' || changed || next
}

/** The address, and its owner. */
function told({ offset, kind, owner, used, next }: Square, first: string, each: number): string {
  const address = addressOf(numberOf(first) + offset * each)
  if (each > 1) return translate('from {address}: {used} in use', { address, used })
  const what =
    kind === 'used'
      ? owner
      : kind === 'gateway'
        ? translate('gateway')
        : kind === 'kept'
          ? translate('kept back')
          : next
            ? translate('free, the next')
            : translate('free')
  return `${address}: ${what}`
}

/** What the row begins with: `.64`, or `.64.0` where a square is many. */
function suffix(first: string, offset: number, each: number): string {
  const parts = addressOf(numberOf(first) + offset).split('.')
  return `.${parts.slice(each > 1 ? 2 : 3).join('.')}`
}

function last(address: string): number {
  return Number(address.split('.').at(-1))
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

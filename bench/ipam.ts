// Measures durable allocation and release, each in its own transaction, in small, large and nearly full pools, and against CNI's
// host-local. All take turns in one run, so that a disturbance of the machine affects all of them.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Subnet } from '../lib/address/subnet.ts'
import { allocateAddress, releaseAddress } from '../lib/ipam/addresses.ts'
import { createPool } from '../lib/ipam/pools.ts'
import { pagesOf } from '../lib/ipam/pool-records.ts'
import { openSqliteStore } from '../lib/store/sqlite.ts'
import type { Store, Transaction } from '../lib/store/store.ts'
import { hostLocal } from './host-local.ts'
import { median, printTable } from './table.ts'

const rounds = 1000
const peerRounds = 25
const leasesForPeer = 10_000
const pools = [
  { subnet: Subnet.parse('192.168.0.0/24'), name: '/24, 99.99 % full (one free)' },
  { subnet: Subnet.parse('172.18.0.0/16'), name: '/16, 99.99 % full' },
  { subnet: Subnet.parse('10.0.0.0/8'), name: '/8, 99.99 % full' },
]
const emptyPool = Subnet.parse('192.168.1.0/24')
const peerPool = Subnet.parse('172.19.0.0/16')

const directory = mkdtempSync(join(tmpdir(), 'netdojo-bench-'))
try {
  await using store = await openSqliteStore({ directory: join(directory, 'state') })
  await prepare(store)
  await measurePools(store)
  await measurePeer(store)
} finally {
  rmSync(directory, { recursive: true })
}

async function prepare(store: Store): Promise<void> {
  await store.update((transaction) => {
    for (const subnet of [emptyPool, peerPool, ...pools.map(({ subnet }) => subnet)])
      createPool(transaction, { owner: 'bench', subnet })
    for (let n = 0; n < leasesForPeer; n++)
      allocateAddress(transaction, peerPool, { owner: `container-${n}` })
    for (const { subnet } of pools) fill(transaction, subnet)
  })
}

/** Marks all addresses but every 10,000th, page by page; in a /24 all but one. */
function fill(transaction: Transaction, subnet: Subnet): void {
  const pages = pagesOf(transaction, subnet)
  const size = Number(subnet.size)
  const bits = Math.min(size, 2048 * 8)
  const above = new Uint8Array(Math.max(4, size / bits / 8))
  for (let index = 0; index < size / bits; index++) {
    const page = new Uint8Array(bits / 8).fill(0xff)
    const start = index * bits
    for (let free = Math.ceil(start / 10_000) * 10_000 + 100; free < start + bits; free += 10_000)
      page[(free - start) >> 3] = 0xff & ~(1 << (free & 7))
    if (page.every((octet) => octet === 0xff))
      above[index >> 3] = (above[index >> 3] ?? 0) | (1 << (index & 7))
    pages.set(0, BigInt(index), page)
  }
  if (size > bits) pages.set(1, 0n, above)
}

type Sample = { readonly allocate: number; readonly release: number }

async function cycle(store: Store, subnet: Subnet, owner: string): Promise<Sample> {
  const started = performance.now()
  const address = await store.update((transaction) =>
    allocateAddress(transaction, subnet, { owner }),
  )
  const allocated = performance.now()
  await store.update((transaction) => releaseAddress(transaction, subnet, { owner, address }))
  return { allocate: allocated - started, release: performance.now() - allocated }
}

async function measurePools(store: Store): Promise<void> {
  const subjects = [{ subnet: emptyPool, name: '/24, empty' }, ...pools]
  const samples = subjects.map((): Sample[] => [])
  const syncs: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [n, { subnet }] of subjects.entries())
      samples[n]?.push(await cycle(store, subnet, 'measured'))
    syncs.push(measureSync())
  }
  const both = samples.map((of) => median(of.map(({ allocate, release }) => allocate + release)))
  printTable([
    ['pool', 'allocate ms', 'release ms', 'both ms', 'to the full /24'],
    ...subjects.map(({ name }, n) => [
      name,
      milliseconds(median((samples[n] ?? []).map(({ allocate }) => allocate))),
      milliseconds(median((samples[n] ?? []).map(({ release }) => release))),
      milliseconds(both[n] ?? 0),
      `${((both[n] ?? 0) / (both[1] ?? 0)).toFixed(2)}x`,
    ]),
    ['(a write of 4 KiB and its fdatasync)', '', '', milliseconds(median(syncs)), ''],
  ])
}

/** The time of one durable write on this disk, measured together with the samples. */
function measureSync(): number {
  const descriptor = openSync(join(directory, 'sync'), 'w')
  const page = new Uint8Array(4096)
  writeSync(descriptor, page, 0, page.length, 0)
  fdatasyncSync(descriptor)
  const started = performance.now()
  writeSync(descriptor, page, 0, page.length, 0)
  fdatasyncSync(descriptor)
  const took = performance.now() - started
  closeSync(descriptor)
  return took
}

async function measurePeer(store: Store): Promise<void> {
  const peer = await hostLocal(join(directory, 'cni'), leasesForPeer)
  if (!peer) {
    console.log('\nhost-local is not installed and cannot be: not compared')
    return
  }
  const theirs: number[] = []
  const ours: number[] = []
  for (let round = 0; round < peerRounds; round++) {
    theirs.push(await peer.addAndDelete())
    for (let again = 0; again < 10; again++) {
      const { allocate, release } = await cycle(store, peerPool, 'measured')
      ours.push(allocate + release)
    }
  }
  console.log('')
  printTable([
    [`/16 with ${leasesForPeer} leases`, 'both ms', 'to ours'],
    ['netdojo, in a running program', milliseconds(median(ours)), '1x'],
    [
      `host-local ${peer.version}, a process a call`,
      milliseconds(median(theirs)),
      `${Math.round(median(theirs) / median(ours))}x`,
    ],
  ])
}

function milliseconds(value: number): string {
  return value.toFixed(3)
}

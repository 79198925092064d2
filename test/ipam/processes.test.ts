// Runs many processes on one pool and kills some: no address is given twice, lost or leaked.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { Subnet } from '../../lib/address/subnet.ts'
import { releaseAddress } from '../../lib/ipam/addresses.ts'
import { createPool } from '../../lib/ipam/pools.ts'
import { listLeases } from '../../lib/ipam/leases.ts'
import { bitmapOf } from '../../lib/ipam/pool-records.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import type { Store } from '../../lib/store/store.ts'
import { long, slow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'
import type { Report } from './lease.process.ts'
import { inDirectory } from './with-stores.ts'

const program = join(import.meta.dirname, 'lease.process.ts')
/** For longer runs: NETDOJO_SOAK_SECONDS=60 node test/run.ts processes */
const seconds = Number(process.env.NETDOJO_SOAK_SECONDS ?? (long ? 10 : slow ? 2 : 1))
const processes = slow ? 64 : 8
// The pool fills only with more processes than addresses.
const subnet = Subnet.parse(slow ? '10.0.0.0/26' : '10.0.0.0/29')
const running = new Set<ChildProcess>()
// Without waiting for the disk, more processes work at the same time.
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

suite('processes', (test, slowTest) => {
  test(
    `${processes} processes at random: no duplicate, and the bitmap is the set of live leases (libnetwork 2105, 1740)`,
    () =>
      withPool(async (store, directory, claims) => {
        const workers = await start(processes, directory, claims)
        const reports = await Promise.all(workers.map((worker) => run(worker, seconds * 1000)))
        const total = (key: keyof Report) => reports.reduce((sum, report) => sum + report[key], 0)
        console.log(
          `\n  ${processes} processes, ${seconds} s: ${total('allocated')} allocated, ${total('released')} released,`,
          `${total('refused')} refused while the pool was full`,
        )
        assert.ok(total('refused') > 0, 'the pool was never full')
        const leases = await consistentLeases(store)
        assert.equal(leases, claimed(claims))
        assert.is(leases.length, total('allocated') - total('released'))
      }),
    { seconds: 120 + seconds },
  )

  slowTest(
    'killed at random moments: nothing is given twice, lost or leaked (libnetwork 1790)',
    () =>
      withPool(async (store, directory, claims) => {
        const kills = 24
        let unclaimed = 0
        for (let round = 0; round < kills / 8; round++) {
          const workers = await start(8, directory, claims, `round-${round}`)
          await Promise.all(workers.map((worker) => killWithin(worker, (seconds * 1000) / 10)))
          const leases = await consistentLeases(store)
          // An address is claimed from its allocation to the begin of its release. Each claimed address has a lease, even if its owner was killed.
          const missing = claimed(claims).filter((claim) => !leases.includes(claim))
          assert.equal(missing, [])
          unclaimed = leases.length - claimed(claims).length
          assert.ok(unclaimed <= (round + 1) * 8, `${unclaimed} leases without a claim`)
        }
        // The addresses of each killed process are found by its name and released: none is lost.
        await store.update((transaction) => {
          for (const { owner, address } of listLeases(transaction, subnet)) {
            releaseAddress(transaction, subnet, { owner, address })
            transaction.delete(`endpoint/${address}`)
          }
        })
        assert.equal(await consistentLeases(store), [])
        const left = await store.read((transaction) => transaction.keys('ipam/page/'))
        assert.equal(left, [])
        console.log(
          `\n  ${kills} processes killed, ${unclaimed} of them between a write and its report`,
        )
      }),
    { seconds: 120 + seconds },
  )
})

async function withPool(
  body: (store: Store, directory: string, claims: string) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const claims = join(directory, 'claims')
    mkdirSync(claims)
    await using store = await openSqliteStore({ directory })
    await store.update((transaction) => createPool(transaction, { owner: 'net', subnet }))
    try {
      await body(store, directory, claims)
    } finally {
      for (const worker of running) worker.kill('SIGKILL')
    }
  }, parent)
}

async function start(count: number, directory: string, claims: string, prefix = 'worker') {
  const workers = Array.from({ length: count }, (_, n) =>
    fork(program, [directory, `${subnet}`, claims, `${prefix}-${n}`]),
  )
  for (const worker of workers) running.add(worker.once('exit', () => running.delete(worker)))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return workers
}

async function run(worker: ChildProcess, milliseconds: number): Promise<Report> {
  const reported = once(worker, 'message')
  const ended = once(worker, 'exit')
  worker.send(milliseconds)
  const [code] = await ended
  assert.is(code, 0, 'a process failed: see its error above')
  const [report]: Report[] = await reported
  if (!report) throw new Error('a process ended without its report')
  return report
}

async function killWithin(worker: ChildProcess, milliseconds: number): Promise<void> {
  const ended = once(worker, 'exit')
  worker.send(60_000)
  setTimeout(() => worker.kill('SIGKILL'), 20 + Math.random() * milliseconds)
  const [code, signal] = await ended
  assert.is(signal, 'SIGKILL', `a process ended with ${code} before it was killed`)
}

/** The leases, as the bitmap and the records written with them agree on. */
async function consistentLeases(store: Store): Promise<string[]> {
  return store.update((transaction) => {
    const leases = listLeases(transaction, subnet)
    const bitmap = bitmapOf(transaction, subnet)
    const marked = Array.from({ length: Number(subnet.size) }, (_, offset) => BigInt(offset))
      .filter((offset) => bitmap.has(offset))
      .map((offset) => `${subnet.first.plus(offset)}`)
    assert.equal(
      marked,
      leases.map(({ address }) => `${address}`),
    )
    const withOwners = leases.map(({ address, owner }) => `${address} ${owner}`).toSorted()
    const endpoints = transaction.records<string>('endpoint/')
    assert.equal(
      endpoints.map(([key, owner]) => `${key.slice('endpoint/'.length)} ${owner}`).toSorted(),
      withOwners,
    )
    return withOwners
  })
}

function claimed(claims: string): string[] {
  return readdirSync(claims)
    .map((address) => `${address} ${readlinkSync(join(claims, address))}`)
    .toSorted()
}

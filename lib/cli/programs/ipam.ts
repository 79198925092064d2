// Manages addresses by hand for the lab's program `ipam`: each call is a process, and each address a transaction.
import { IpAddress } from '../../address/ip-address.ts'
import { Subnet } from '../../address/subnet.ts'
import { NetdojoError } from '../../errors.ts'
import { allocateAddress, releaseAddress } from '../../ipam/addresses.ts'
import { createPool } from '../../ipam/pools.ts'
import { listLeases } from '../../ipam/leases.ts'
import { bitmapOf, listPools, readCursor } from '../../ipam/pool-records.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'
import { exitCodes } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'

/** Lists all pools, with the offset at which the search continues, and their leases. */
async function leases(store: Store): Promise<readonly string[]> {
  return store.read((transaction) =>
    listPools(transaction).flatMap(({ subnet }) =>
      [`${subnet}: the search continues after offset ${readCursor(transaction, subnet)}`].concat(
        listLeases(transaction, subnet).map(({ address, owner }) => `${address} ${owner}`),
      ),
    ),
  )
}

/** The sandbox has a /run of its own, which ends with it. */
const directory = '/run/ipam'

const usage = `ipam create SUBNET                  ipam list SUBNET
       ipam allocate SUBNET OWNER...       ipam bits SUBNET
       ipam release SUBNET OWNER ADDRESS   ipam draw SUBNET
       ipam crash SUBNET OWNER             (dies between two writes)
       ipam leases                         (of all subnets)`

/** @returns the lines to print. */
type Verb = (store: Store, subnet: Subnet, args: readonly string[]) => Promise<readonly string[]>

const verbs: Readonly<Record<string, Verb>> = {
  create,
  allocate,
  release,
  list,
  bits,
  draw,
  crash,
  leases,
}

export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', subnet, ...rest] = args
  const verb = verbs[name]
  if (!verb || (subnet === undefined && verb !== leases)) {
    terminal.writeError(`usage: ${usage}\n`)
    return exitCodes.usage
  }
  try {
    await using store = await openSqliteStore({ directory })
    for (const line of await verb(store, Subnet.parse(subnet ?? '0.0.0.0/0'), rest))
      terminal.write(`${line}\n`)
    return exitCodes.held
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(`ipam: ${error.message}\n`)
    return exitCodes.checkFailed
  }
}

async function create(store: Store, subnet: Subnet): Promise<readonly string[]> {
  const { gateway } = await store.update((transaction) =>
    createPool(transaction, { owner: 'lab', subnet }),
  )
  return [`${subnet} with the gateway ${gateway}`]
}

async function allocate(store: Store, subnet: Subnet, owners: readonly string[]) {
  const lines: string[] = []
  for (const owner of owners) {
    const address = await store.update((transaction) =>
      allocateAddress(transaction, subnet, { owner }),
    )
    lines.push(`${address} ${owner}`)
  }
  return lines
}

async function release(store: Store, subnet: Subnet, [owner = '', text = '']: readonly string[]) {
  const address = IpAddress.parse(text)
  await store.update((transaction) => releaseAddress(transaction, subnet, { owner, address }))
  return []
}

async function list(store: Store, subnet: Subnet): Promise<readonly string[]> {
  const leases = await store.read((transaction) => listLeases(transaction, subnet))
  return leases.map(({ address, owner }) => `${address} ${owner}`)
}

async function bits(store: Store, subnet: Subnet): Promise<readonly string[]> {
  const shown = Number(subnet.size < 256n ? subnet.size : 256n)
  return store.update((transaction) => {
    const bitmap = bitmapOf(transaction, subnet)
    const offsets = Array.from({ length: shown }, (_, offset) => BigInt(offset))
    return [offsets.map((offset) => (bitmap.has(offset) ? '1' : '0')).join('')]
  })
}

/** Draws the first 16 bits of the bitmap, with the owner of each address below it. */
async function draw(store: Store, subnet: Subnet): Promise<readonly string[]> {
  const [bitmap = ''] = await bits(store, subnet)
  const leases = await store.read((transaction) => listLeases(transaction, subnet))
  const shown = Math.min(bitmap.length, 16)
  const cells = Array.from({ length: shown }, (_, offset) => {
    const address = subnet.first.plus(BigInt(offset)).toString()
    const owner = leases.find((lease) => lease.address.toString() === address)?.owner
    const reserved = offset === 0 ? 'net' : offset === 1 ? 'gw' : undefined
    const last = BigInt(offset) === subnet.size - 1n ? 'bcast' : undefined
    const bit = bitmap[offset] ?? '0'
    return [`.${address.split('.').at(-1)}`, bit, owner ?? last ?? reserved ?? '-'] as const
  })
  const width = Math.max(...cells.flatMap((cell) => cell.map((text) => text.length)))
  const row = (index: 0 | 1 | 2) =>
    `|${cells.map((cell) => ` ${cell[index].padEnd(width)} `).join('|')}|`
  const line = `+${cells.map(() => '-'.repeat(width + 2)).join('+')}+`
  return [line, row(0), row(1), row(2), line]
}

/** Kills this process after the bit, the lease and the position of the search are written, and before they are committed. */
async function crash(store: Store, subnet: Subnet, [owner = '']: readonly string[]) {
  return store.update((transaction) => {
    allocateAddress(transaction, subnet, { owner })
    process.kill(process.pid, 'SIGKILL')
    return []
  })
}

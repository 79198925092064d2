// Manages addresses by hand for the lab's program `ipam`: each call is a process, and each address a transaction.
import { IpAddress } from '../../address/ip-address.ts'
import { Subnet } from '../../address/subnet.ts'
import { NetdojoError } from '../../errors.ts'
import { allocateAddress, releaseAddress } from '../../ipam/addresses.ts'
import { createPool } from '../../ipam/pools.ts'
import { listLeases } from '../../ipam/leases.ts'
import { bitmapOf } from '../../ipam/pool-records.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'
import { exitCodes } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'

/** The sandbox has a /run of its own, which ends with it. */
const directory = '/run/ipam'

const usage = `ipam create SUBNET                  ipam list SUBNET
       ipam allocate SUBNET OWNER...       ipam bits SUBNET
       ipam release SUBNET OWNER ADDRESS   ipam crash SUBNET OWNER   (dies between two writes)`

/** @returns the lines to print. */
type Verb = (store: Store, subnet: Subnet, args: readonly string[]) => Promise<readonly string[]>

const verbs: Readonly<Record<string, Verb>> = { create, allocate, release, list, bits, crash }

export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', subnet, ...rest] = args
  const verb = verbs[name]
  if (!verb || subnet === undefined) {
    terminal.writeError(`usage: ${usage}\n`)
    return exitCodes.usage
  }
  try {
    await using store = await openSqliteStore({ directory })
    for (const line of await verb(store, Subnet.parse(subnet), rest)) terminal.write(`${line}\n`)
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

/** Kills this process after the bit, the lease and the position of the search are written, and before they are committed. */
async function crash(store: Store, subnet: Subnet, [owner = '']: readonly string[]) {
  return store.update((transaction) => {
    allocateAddress(transaction, subnet, { owner })
    process.kill(process.pid, 'SIGKILL')
    return []
  })
}

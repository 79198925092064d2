// Allocates and releases addresses in the caller's transaction, so that an address and the record of its user are written
// together or not at all. An address has a bit in its pool's bitmap exactly when it has a lease.
import { AddressRange } from '../address/address-range.ts'
import { IpAddress } from '../address/ip-address.ts'
import type { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import type { Transaction } from '../store/store.ts'
import { corruptValue } from '../store/stored.ts'
import {
  checkOwner,
  deleteLease,
  leaseKey,
  listLeases,
  readLease,
  requestOwner,
  writeLease,
  type Lease,
  type LeaseRecord,
} from './leases.ts'
import { nextFree, reasonToKeep, type Pool } from './pool.ts'
import { bitmapOf, readCursor, readPool, writeCursor } from './pool-records.ts'

export type AddressRequest = {
  /** 1 to 256 printable ASCII characters without spaces, such as an endpoint's id. */
  readonly owner: string
  readonly address?: IpAddress | undefined
  readonly nameOf?: (owner: string) => string
  /** The address is requested: it stays until it is released, and the endpoint that asks for it by name adopts it. */
  readonly requested?: true
  /** Addresses of the host, which are never given: each with the name of its interface, where that is known. */
  readonly hostAddresses?: readonly { readonly address: string; readonly link?: string }[]
}

/**
 * Gives `owner` the address that it requests, or the next free one of the pool's range. `nameOf` names owners in errors.
 * @throws NetdojoError `pool-missing`, `pool-exhausted`, `address-out-of-range`, `address-reserved`, `address-taken` or
 * `owner-malformed`
 */
export function allocateAddress(
  transaction: Transaction,
  subnet: Subnet,
  request: AddressRequest,
): IpAddress {
  const { owner, address: wanted, nameOf = String, hostAddresses = [] } = request
  checkOwner(owner)
  const pool = readPool(transaction, subnet)
  const ofHost = hostAddresses
    .filter(({ address }) => address.includes(':') === (subnet.family === 6))
    .map(({ address, link }) => ({ address: IpAddress.parse(address), link }))
    .filter(({ address }) => subnet.contains(address) && !address.equals(pool.gateway))
  const holes = ofHost.map(({ address }) => new AddressRange(address, address))
  const address =
    wanted ?? takeNext(transaction, { ...pool, reserved: [...pool.reserved, ...holes] })
  const adopted =
    wanted && subnet.contains(wanted) ? readLease(transaction, subnet, wanted) : undefined
  const isAdopted =
    adopted?.owner === requestOwner && adopted.requested === true && !request.requested
  if (wanted) {
    if (!isAdopted) checkFree(transaction, pool, wanted, nameOf)
    const holder = ofHost.find(({ address }) => address.equals(wanted))
    if (holder)
      throw refused('address-taken', wanted, `the host has it on ${holder.link ?? 'an interface'}`)
  }
  if (!isAdopted && readLease(transaction, subnet, address)) throw disagreement(subnet, address)
  bitmapOf(transaction, subnet).add(address.value - subnet.first.value)
  const requested = isAdopted || request.requested === true
  writeLease(transaction, subnet, address, { owner, requested })
  return address
}

/** Releases nothing if it throws. A requested address that its owner has adopted is given back. @throws NetdojoError `pool-missing`, `address-out-of-range` or `address-not-owned` */
export function releaseAddress(
  transaction: Transaction,
  subnet: Subnet,
  {
    owner,
    address,
    nameOf = String,
  }: {
    readonly owner: string
    readonly address: IpAddress
    readonly nameOf?: (owner: string) => string
  },
): void {
  const pool = readPool(transaction, subnet)
  if (!subnet.contains(address)) throw outside(pool, 'release', address)
  const lease = readLease(transaction, subnet, address)
  if (!lease || lease.owner !== owner)
    throw notOwned(pool, address, lease && holderOf(lease, nameOf))
  if (lease.requested && owner !== requestOwner)
    return writeLease(transaction, subnet, address, { owner: requestOwner, requested: true })
  const bitmap = bitmapOf(transaction, subnet)
  const offset = address.value - subnet.first.value
  if (!bitmap.has(offset)) throw disagreement(subnet, address)
  bitmap.remove(offset)
  deleteLease(transaction, subnet, address)
}

const bootKey = 'ipam/boot'

/**
 * Releases the addresses of earlier boots and returns their leases, so that the caller drops its own records of them in the
 * same transaction. Later calls in the same boot cost one read.
 */
export function releaseDeadLeases(transaction: Transaction): readonly Lease[] {
  if (transaction.record(bootKey) === transaction.bootId) return []
  const dead = listLeases(transaction).filter(({ alive }) => !alive)
  for (const { subnet, ...lease } of dead) releaseAddress(transaction, subnet, lease)
  transaction.setRecord(bootKey, transaction.bootId)
  return dead
}

function takeNext(transaction: Transaction, pool: Pool): IpAddress {
  const bitmap = bitmapOf(transaction, pool.subnet)
  const offset = nextFree(pool, bitmap, readCursor(transaction, pool.subnet))
  if (offset === undefined) throw exhausted(pool)
  writeCursor(transaction, pool.subnet, offset)
  return pool.subnet.first.plus(offset)
}

function checkFree(
  transaction: Transaction,
  pool: Pool,
  address: IpAddress,
  nameOf: (owner: string) => string,
): void {
  const { subnet } = pool
  if (!subnet.contains(address)) throw outside(pool, 'allocate', address)
  const kept = reasonToKeep(pool, address)
  if (kept) throw refused('address-reserved', address, `${kept} of ${subnet}`)
  if (!bitmapOf(transaction, subnet).has(address.value - subnet.first.value)) return
  const lease = readLease(transaction, subnet, address)
  throw lease
    ? refused('address-taken', address, `${holderOf(lease, nameOf)} has it`)
    : disagreement(subnet, address)
}

function holderOf({ owner, requested }: LeaseRecord, nameOf: (owner: string) => string): string {
  return requested && owner === requestOwner ? 'another requester' : nameOf(owner)
}

/** This code never causes it: its transactions write both or neither. */
function disagreement(subnet: Subnet, address: IpAddress): NetdojoError {
  return corruptValue(
    leaseKey(subnet, address),
    'the leases and the bitmap of the pool must agree, and they differ for this address',
  )
}

const requestAnother = 'request another address, or none to get the next free one'

function refused(
  code: 'address-reserved' | 'address-taken',
  address: IpAddress,
  reason: string,
): NetdojoError {
  return new NetdojoError({
    code,
    operation: 'allocate',
    object: `${address}`,
    reason,
    advice: [requestAnother],
  })
}

function outside({ subnet }: Pool, operation: string, address: IpAddress): NetdojoError {
  return new NetdojoError({
    code: 'address-out-of-range',
    operation,
    object: `${address}`,
    reason: `an address of this network must be in ${subnet}`,
    advice: [
      operation === 'allocate' ? requestAnother : `its addresses are ${AddressRange.of(subnet)}`,
    ],
  })
}

function notOwned({ subnet }: Pool, address: IpAddress, holder: string | undefined): NetdojoError {
  return new NetdojoError({
    code: 'address-not-owned',
    operation: 'release',
    object: `${address}`,
    reason: holder === undefined ? `it is not in use in ${subnet}` : `${holder} has it`,
    advice: ['only the owner of an address can release it, and only once'],
  })
}

function exhausted({ subnet, range }: Pool): NetdojoError {
  return new NetdojoError({
    code: 'pool-exhausted',
    operation: 'allocate from',
    object: `${subnet}`,
    reason: `every address of ${range} is in use or reserved`,
    advice: ['disconnect what you no longer need', 'or create a network with a larger subnet'],
  })
}

// Reads and writes leases: one record an address, with its owner and the boot in which it was given.
import { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { quote } from '../address/quote.ts'
import { text, v } from '../address/schema.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { stored } from '../store/stored.ts'

export type Lease = {
  readonly subnet: Subnet
  readonly address: IpAddress
  readonly owner: string
  /** Whether it was given in the running boot; the users of older leases are gone. A requested address is not bound to a boot. */
  readonly alive: boolean
}

/** Owns pools and addresses that were requested and that no network or endpoint has adopted. */
export const requestOwner = 'request'

export type LeaseRecord = {
  readonly owner: string
  /** Absent for a requested address that no endpoint has. */
  readonly boot?: string
  /** The endpoint that adopts the address gives it back. */
  readonly requested?: true
}

const leaseSchema = v.object({
  owner: text,
  boot: v.optional(text),
  requested: v.optional(v.literal(true, 'true')),
})

const prefix = 'ipam/lease/'

export function leaseKey(subnet: Subnet, address: IpAddress | ''): string {
  return `${prefix}${subnet}/${address}`
}

export function readLease(
  transaction: ReadTransaction,
  subnet: Subnet,
  address: IpAddress,
): LeaseRecord | undefined {
  const key = leaseKey(subnet, address)
  const record = transaction.record<LeaseRecord>(key)
  return record === undefined ? undefined : stored(leaseSchema, key, record)
}

export function writeLease(
  transaction: Transaction,
  subnet: Subnet,
  address: IpAddress,
  { owner, requested = false }: { readonly owner: string; readonly requested?: boolean },
): void {
  const lease: LeaseRecord = {
    owner,
    ...(owner === requestOwner && requested ? {} : { boot: transaction.bootId }),
    ...(requested ? { requested } : {}),
  }
  transaction.setRecord(leaseKey(subnet, address), lease)
}

export function deleteLease(transaction: Transaction, subnet: Subnet, address: IpAddress): void {
  transaction.delete(leaseKey(subnet, address))
}

/** The leases of one subnet or of all subnets, in the order of the addresses. */
export function listLeases(transaction: ReadTransaction, subnet?: Subnet): readonly Lease[] {
  return transaction
    .records<LeaseRecord>(subnet ? leaseKey(subnet, '') : prefix)
    .map(([key, record]) => {
      const { owner, boot } = stored(leaseSchema, key, record)
      return decode(key, owner, boot === undefined || boot === transaction.bootId)
    })
    .toSorted((a, b) => a.address.compare(b.address))
}

function decode(key: string, owner: string, alive: boolean): Lease {
  const [network = '', length = '', address = ''] = key.slice(prefix.length).split('/')
  return {
    subnet: Subnet.parse(`${network}/${length}`),
    address: IpAddress.parse(address),
    owner,
    alive,
  }
}

/**
 * Refuses owners that would need quoting in records and messages.
 * @throws NetdojoError `owner-malformed`
 */
export function checkOwner(owner: string): void {
  if (typeof owner === 'string' && /^[\x21-\x7e]{1,256}$/.test(owner)) return
  throw new NetdojoError({
    code: 'owner-malformed',
    operation: 'use the owner',
    object: quote(owner),
    reason: 'an owner must be 1 to 256 printable ASCII characters without spaces',
    advice: ['pass the id of a network or of an endpoint'],
  })
}

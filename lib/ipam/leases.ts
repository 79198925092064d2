// Who has which address since which boot: one record an address, under a key of its own.
import { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { corruptValue } from '../store/run-transaction.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'

export type Lease = {
  readonly subnet: Subnet
  readonly address: IpAddress
  readonly owner: string
  /** Whether it was given in the running boot: what used an address of an earlier one is gone. */
  readonly alive: boolean
}

type LeaseRecord = { readonly owner: string; readonly boot: string }

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
  return record === undefined ? undefined : checked(key, record)
}

export function writeLease(
  transaction: Transaction,
  subnet: Subnet,
  address: IpAddress,
  owner: string,
): void {
  const lease: LeaseRecord = { owner, boot: transaction.bootId }
  transaction.setRecord(leaseKey(subnet, address), lease)
}

export function deleteLease(transaction: Transaction, subnet: Subnet, address: IpAddress): void {
  transaction.delete(leaseKey(subnet, address))
}

/** Of one subnet or of all, in the order of the addresses. */
export function listLeases(transaction: ReadTransaction, subnet?: Subnet): readonly Lease[] {
  return transaction
    .records<LeaseRecord>(subnet ? leaseKey(subnet, '') : prefix)
    .map(([key, record]) => {
      const { owner, boot } = checked(key, record)
      return decode(key, owner, boot === transaction.bootId)
    })
    .toSorted((a, b) => a.address.compare(b.address))
}

/** @throws NetdojoError `state-corrupt` */
function checked(key: string, record: LeaseRecord | null): LeaseRecord {
  if (typeof record?.owner === 'string' && typeof record.boot === 'string') return record
  throw corruptValue(key, 'the record does not describe a lease')
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

// Removes a pool and every trace of it, unless somebody still has an address of it.
import type { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import type { Transaction } from '../store/store.ts'
import { listLeases } from './leases.ts'
import { deletePool, readPool } from './pool-records.ts'

/** @throws NetdojoError `pool-missing`, or `pool-in-use` while somebody has an address of it. */
export function removePool(transaction: Transaction, subnet: Subnet): void {
  readPool(transaction, subnet)
  const [lease, ...others] = listLeases(transaction, subnet)
  if (!lease) return deletePool(transaction, subnet)
  throw new NetdojoError({
    code: 'pool-in-use',
    operation: 'remove the pool of',
    object: `${subnet}`,
    reason: `${lease.owner} has ${lease.address}, and ${others.length} other addresses are in use`,
    advice: ['release its addresses first'],
  })
}

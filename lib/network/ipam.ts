// Gives pools and addresses to callers that manage them before, or without, a network; each request is one transaction.
import { AddressRange } from '../address/address-range.ts'
import { IpAddress } from '../address/ip-address.ts'
import { fields, listOf, parsed, readRequest, v } from '../address/schema.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import { allocateAddress, releaseAddress } from '../ipam/addresses.ts'
import { requestOwner } from '../ipam/leases.ts'
import type { Pool } from '../ipam/pool.ts'
import { listPools } from '../ipam/pool-records.ts'
import { createPool, releasePool } from '../ipam/pools.ts'
import { hostSubnets } from '../kernel/host-subnets.ts'
import { readHost, readHostAddresses } from '../kernel/read.ts'
import type { ReadTransaction, Store } from '../store/store.ts'
import { allNetworks, endpointsOf, titleOf } from './records.ts'

/** A pool to request; everything has a default. */
export type PoolOptions = {
  /** The subnet, IPv4 or IPv6, such as `'192.168.0.0/24'`; default a free one, as for `create`. */
  readonly subnet?: string
  /** The family of the subnet to choose, 4 or 6; default 4. */
  readonly family?: 4 | 6
  /** An address of `subnet`, such as `'192.168.0.1'`; default the first that a host may have. */
  readonly gateway?: string
  /** The part of `subnet` that addresses are chosen from, such as `'192.168.0.128/25'`; default all of it. */
  readonly ipRange?: string
  /** Addresses that are never given: `['192.168.0.2', '192.168.0.10-192.168.0.20']`; default none. */
  readonly reserved?: readonly string[]
}

/** A pool of addresses. Its subnet names it. */
export type AddressPool = {
  /** The subnet, such as `'192.168.0.0/24'`. */
  readonly subnet: string
  /** The address that the gateway gets, and nobody else. */
  readonly gateway: string
  /** The first and the last address that are chosen from: `'192.168.0.0-192.168.0.255'`. */
  readonly ipRange: string
  /** Addresses that are never given. */
  readonly reserved: readonly string[]
  /** Whether the pool was requested, so that `releasePool` ends it; otherwise it ends with its network. */
  readonly requested: boolean
  /** The name of the network that has the pool; absent if none has it. */
  readonly network?: string
}

/** An address to request. */
export type AddressOptions = {
  /** An address of the pool, such as `'192.168.0.7'`; default the next free one. */
  readonly address?: string
}

/**
 * Pools and addresses that are reserved until they are released, also after a reboot. Each call is one
 * transaction of the state: two processes never get the same.
 */
export type Ipam = {
  /**
   * Requests a pool, which `create({ pool })` gives to a network. A removed network gives the pool back.
   * @throws NetdojoError `subnet-overlap`, `subnet-unusable`, `subnet-too-small`, `subnets-exhausted`,
   * `address-out-of-range`, `address-reserved` or `address-taken` (the gateway), or the code of a malformed value
   */
  requestPool(options?: PoolOptions): Promise<AddressPool>
  /**
   * Releases a requested pool, by its subnet.
   * @throws NetdojoError `pool-missing`, `pool-in-use` (a network has it, or an address of it is in use), `subnet-malformed`
   * or `subnet-host-bits`
   */
  releasePool(subnet: string): Promise<void>
  /**
   * Requests an address of a pool, also of the pool of a network. `connect` with this `address` gives it to an endpoint, which
   * gives it back when it is disconnected. Returns the address without a prefix length: `'192.168.0.2'`.
   * @throws NetdojoError `pool-missing`, `pool-exhausted`, `address-taken`, `address-reserved`, `address-out-of-range`, or the
   * code of a malformed value
   */
  requestAddress(subnet: string, options?: AddressOptions): Promise<string>
  /**
   * Releases a requested address.
   * @throws NetdojoError `pool-missing`, `address-not-owned` (an endpoint has it, or nobody), `address-out-of-range`, or the
   * code of a malformed value
   */
  releaseAddress(subnet: string, address: string): Promise<void>
  /** Returns all pools, of networks and requested ones, in the order of their subnets. @throws NetdojoError `state-corrupt` or `closed` */
  pools(): Promise<readonly AddressPool[]>
}

/** @param refuseClosed throws once the networks are closed. */
export function ipamOf(store: Store, refuseClosed: () => void): Ipam {
  return {
    async requestPool(options = {}) {
      refuseClosed()
      const { subnet, family = subnet?.family ?? 4, gateway, ipRange, reserved } = readPool(options)
      const used = hostSubnets(await readHost())
      return store.update((transaction) => {
        const pool = createPool(transaction, {
          owner: requestOwner,
          requested: true,
          nameOf: networkNames(transaction),
          used,
          family,
          reserved,
          ...(subnet ? { subnet } : {}),
          ...(gateway ? { gateway } : {}),
          ...(ipRange ? { range: ipRange } : {}),
        })
        return described(transaction, pool)
      })
    },
    async releasePool(text) {
      refuseClosed()
      const subnet = Subnet.parse(text)
      await store.update((transaction) =>
        releasePool(transaction, subnet, networkNames(transaction)),
      )
    },
    async requestAddress(text, options = {}) {
      refuseClosed()
      const subnet = Subnet.parse(text)
      const { address } = readRequest(addressSchema, options, 'request', () => 'an address')
      const hostAddresses = await readHostAddresses(address !== undefined)
      const found = await store.update((transaction) =>
        allocateAddress(transaction, subnet, {
          owner: requestOwner,
          requested: true,
          address,
          hostAddresses,
          nameOf: endpointNames(transaction),
        }),
      )
      return `${found}`
    },
    async releaseAddress(text, address) {
      refuseClosed()
      const [subnet, parsed] = [Subnet.parse(text), IpAddress.parse(address)]
      await store.update((transaction) =>
        releaseAddress(transaction, subnet, {
          owner: requestOwner,
          address: parsed,
          nameOf: endpointNames(transaction),
        }),
      )
    },
    async pools() {
      refuseClosed()
      return store.read((transaction) =>
        listPools(transaction).map((pool) => described(transaction, pool)),
      )
    },
  }
}

function networkNames(transaction: ReadTransaction) {
  const names = new Map(allNetworks(transaction).map(({ id, name }) => [id, name]))
  return (owner: string) => `the network ${names.get(owner) ?? owner}`
}

function endpointNames(transaction: ReadTransaction) {
  return (owner: string) => {
    const found = endpointsOf(transaction).find(({ id }) => id === owner)
    return found ? titleOf(found) : owner
  }
}

function described(
  transaction: ReadTransaction,
  { subnet, gateway, range, reserved, requested, owner }: Pool,
): AddressPool {
  const network = allNetworks(transaction).find(({ id }) => id === owner)?.name
  return {
    subnet: `${subnet}`,
    gateway: `${gateway}`,
    ipRange: `${range}`,
    reserved: reserved.map(String),
    requested: requested === true,
    ...(network === undefined ? {} : { network }),
  }
}

const poolSchema = fields({
  subnet: v.optional(parsed((text) => Subnet.parse(text))),
  family: v.optional(v.picklist([4, 6], '4 or 6')),
  gateway: v.optional(parsed((text) => IpAddress.parse(text))),
  ipRange: v.optional(parsed((text) => AddressRange.parse(text))),
  reserved: v.optional(listOf(parsed((text) => AddressRange.parse(text))), []),
} satisfies Record<keyof PoolOptions, v.GenericSchema>)

const addressSchema = fields({
  address: v.optional(parsed((text) => IpAddress.parse(text))),
} satisfies Record<keyof AddressOptions, v.GenericSchema>)

function readPool(options: PoolOptions) {
  const checked = readRequest(poolSchema, options, 'request', () => 'a pool')
  const { subnet, family, gateway, ipRange, reserved } = checked
  const alone = subnet ? undefined : (gateway ?? ipRange ?? reserved[0])
  if (alone !== undefined)
    throw wrong(`${alone} is a part of a subnet, and subnet must be given together with it`)
  if (subnet && family !== undefined && subnet.family !== family)
    throw wrong(`family must be that of the subnet ${subnet}, not ${family}`)
  return checked
}

function wrong(reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'request',
    object: 'a pool',
    reason,
    advice: ['name the subnet, or none of the fields'],
  })
}

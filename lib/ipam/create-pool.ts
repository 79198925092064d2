// Makes the pool of a subnet, or says why that subnet cannot serve: two pools never share an address.
import { AddressRange } from '../address/address-range.ts'
import type { Family, IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import type { ErrorCode } from '../errors.ts'
import { NetdojoError } from '../errors.ts'
import type { Transaction } from '../store/store.ts'
import { chooseSubnet } from './choose-subnet.ts'
import { checkOwner } from './owner.ts'
import { intervalsOf, type Pool } from './pool.ts'
import { listPools, writePool } from './pool-records.ts'

/** A part of the address space that the host already uses, and what for: `'the route via eth0'`. */
export type UsedSubnet = { readonly subnet: Subnet; readonly use: string }

export type PoolRequest = {
  /** Whom the pool will belong to, such as a network's name: printable ASCII without spaces. */
  readonly owner: string
  /** Absent: a free one is chosen. */
  readonly subnet?: Subnet
  /** Of the subnet to choose; 4 when absent. */
  readonly family?: Family
  /** Absent: the first address that a host may have. */
  readonly gateway?: IpAddress
  /** Restricts what is handed out to who asks for no address in particular (Docker's `--ip-range`). */
  readonly range?: AddressRange
  readonly reserved?: readonly AddressRange[]
  /** The routes and addresses of the host; a default route (prefix length 0) among them is passed over. */
  readonly used?: readonly UsedSubnet[]
}

/**
 * @throws NetdojoError `subnet-overlap`, `subnet-unusable`, `subnet-too-small`, `address-out-of-range` (gateway, range or
 * reserved range outside of the subnet), `subnets-exhausted` (none left to choose) or `owner-malformed`
 */
export function createPool(transaction: Transaction, request: PoolRequest): Pool {
  checkOwner(request.owner)
  const used = [
    ...listPools(transaction).map(({ subnet, owner }) => ({ subnet, use: `the pool of ${owner}` })),
    // Whatever has no route of its own goes there: no sign that anybody uses the subnet.
    ...(request.used ?? []).filter(({ subnet }) => subnet.prefixLength > 0),
  ]
  const subnet = request.subnet ?? chooseSubnet(request.family ?? 4, used)
  refuseUnusable(subnet)
  refuseOverlap(subnet, used)
  const pool = complete(subnet, request)
  writePool(transaction, pool)
  return pool
}

// Addresses that no interface of a bridge network may have, from the registries of RFC 6890.
const unusable = [
  ['0.0.0.0/8', 'means "this network"'],
  ['127.0.0.0/8', 'is loopback'],
  ['169.254.0.0/16', 'is link-local'],
  ['224.0.0.0/4', 'is multicast'],
  ['240.0.0.0/4', 'is reserved'],
  ['::/96', 'holds loopback and the unspecified address'],
  ['::ffff:0:0/96', 'stands for IPv4 addresses'],
  ['fe80::/10', 'is link-local'],
  ['ff00::/8', 'is multicast'],
] as const
const unusableSubnets = unusable.map(([text, why]) => ({ subnet: Subnet.parse(text), why }))

function refuseUnusable(subnet: Subnet): void {
  const found = unusableSubnets.find((special) => special.subnet.overlaps(subnet))
  if (!found) return
  throw poolError('subnet-unusable', subnet, `${found.subnet} ${found.why}`, [
    'take a private subnet such as 10.20.30.0/24 (RFC 1918) or fd00:20:30::/64 (RFC 4193)',
  ])
}

function refuseOverlap(subnet: Subnet, used: readonly UsedSubnet[]): void {
  const found = used.find((other) => other.subnet.overlaps(subnet))
  if (!found) return
  throw poolError('subnet-overlap', subnet, `it overlaps with ${found.subnet}, ${found.use}`, [
    'choose another subnet, or none to have a free one chosen',
  ])
}

function complete(subnet: Subnet, request: PoolRequest): Pool {
  // Besides the addresses that are never handed out it must have a gateway and at least one endpoint.
  if (subnet.size < 4n) throw tooSmall(subnet, 'it has no room for a gateway and an endpoint')
  const {
    gateway = subnet.first.plus(1n),
    range = AddressRange.of(subnet),
    reserved = [],
  } = request
  for (const [part, first, last] of [
    ['gateway', gateway, gateway],
    ['range', range.first, range.last],
    ...reserved.map((range) => ['reserved range', range.first, range.last] as const),
  ] as const)
    if (!subnet.contains(first) || !subnet.contains(last)) throw outside(subnet, part, first, last)
  if (gateway.equals(subnet.first) || (subnet.family === 4 && gateway.equals(subnet.last)))
    throw poolError(
      'address-reserved',
      subnet,
      `${gateway} cannot be its gateway: no host may have it`,
    )
  const pool = { subnet, gateway, range, reserved, owner: request.owner }
  if (intervalsOf(pool).length === 0)
    throw tooSmall(subnet, `everything in ${range} is reserved or the gateway`)
  return pool
}

function tooSmall(subnet: Subnet, reason: string): NetdojoError {
  const smallest = subnet.family === 4 ? '/30' : '/126'
  return poolError('subnet-too-small', subnet, reason, [
    `take a ${smallest} or larger, with addresses that are not reserved`,
  ])
}

function outside(subnet: Subnet, part: string, first: IpAddress, last: IpAddress): NetdojoError {
  const reason = `the ${part} ${new AddressRange(first, last)} is not inside it`
  return poolError('address-out-of-range', subnet, reason, [
    `take it from ${AddressRange.of(subnet)}`,
  ])
}

function poolError(
  code: ErrorCode,
  subnet: Subnet,
  reason: string,
  advice: readonly string[] = [],
): NetdojoError {
  return new NetdojoError({
    code,
    operation: 'use the subnet',
    object: `${subnet}`,
    reason,
    advice,
  })
}

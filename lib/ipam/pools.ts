// Creates and removes the pools of subnets; two pools never share an address.
import { randomBytes } from 'node:crypto'
import { AddressRange } from '../address/address-range.ts'
import { IpAddress, type Family } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import type { ErrorCode } from '../errors.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { releaseAddress } from './addresses.ts'
import { checkOwner, listLeases, requestOwner, type Lease } from './leases.ts'
import { intervalsOf, type Pool } from './pool.ts'
import { deletePool, listPools, readPool, writePool } from './pool-records.ts'

/** A subnet that the host already uses, and its use: `'the route by eth0 in table main'`. */
export type UsedSubnet = {
  readonly subnet: Subnet
  readonly use: string
  /** A `route` to a larger subnet forbids nothing inside. `single`: only this address is in use. Absent: all of it is. */
  readonly kind?: 'route' | 'single'
}

export type PoolRequest = {
  /** The id of the network: 1 to 256 printable ASCII characters without spaces. */
  readonly owner: string
  /** Names the owner of another pool in errors: `'the network web'`. */
  readonly nameOf?: (owner: string) => string
  /** A free one is chosen when absent. */
  readonly subnet?: Subnet
  /** The family of the subnet to choose; default 4. */
  readonly family?: Family
  /** Default the first address that a host may have. */
  readonly gateway?: IpAddress
  /** Addresses are chosen from it when a request names none (Docker's `--ip-range`); default the subnet. */
  readonly range?: AddressRange
  /** Never allocated; default none. */
  readonly reserved?: readonly AddressRange[]
  /** The routes and addresses of the host; a default route (prefix length 0) is ignored. */
  readonly used?: readonly UsedSubnet[]
  /** No network has the pool yet: `adoptPool` gives it to one. */
  readonly requested?: true
}

/**
 * Creates the pool of a subnet.
 * @throws NetdojoError `subnet-overlap`, `subnet-unusable`, `subnet-too-small`, `address-out-of-range` (gateway, range or
 * reserved range outside of the subnet), `subnets-exhausted` (none left to choose) or `owner-malformed`
 */
export function createPool(transaction: Transaction, request: PoolRequest): Pool {
  checkOwner(request.owner)
  const { nameOf = (owner) => `the pool of ${owner}` } = request
  const used: readonly UsedSubnet[] = [
    ...listPools(transaction).map(({ subnet, owner }) => ({
      subnet,
      use: owner === requestOwner ? 'a requested pool' : nameOf(owner),
    })),
    ...withoutDefaultRoutes(request.used),
  ]
  const subnet = request.subnet ?? chooseSubnet(request.family ?? 4, used)
  refuseUnusable(subnet)
  refuseOverlap(subnet, used)
  const pool = complete(subnet, request)
  refuseTakenGateway(pool, used)
  writePool(transaction, pool)
  return pool
}

/**
 * Gives a requested pool to a network. `used` are the routes and addresses that the host has now.
 * @throws NetdojoError `pool-missing`, `pool-in-use`, `subnet-overlap` or `address-taken`
 */
export function adoptPool(
  transaction: Transaction,
  subnet: Subnet,
  { owner, nameOf = String, used = [] }: Pick<PoolRequest, 'owner' | 'nameOf' | 'used'>,
): Pool {
  const pool = readPool(transaction, subnet)
  if (pool.owner !== requestOwner) throw inUse('adopt', subnet, `${nameOf(pool.owner)} has it`)
  refuseOverlap(subnet, withoutDefaultRoutes(used))
  refuseTakenGateway(pool, used)
  const adopted = { ...pool, owner }
  writePool(transaction, adopted)
  return adopted
}

/** Gives back a pool that a network has adopted, and removes any other, with the addresses that were requested of it. */
export function endPool(transaction: Transaction, subnet: Subnet): void {
  const pool = readPool(transaction, subnet)
  if (pool.requested) return writePool(transaction, { ...pool, owner: requestOwner })
  for (const { address } of requestedLeases(transaction, subnet))
    releaseAddress(transaction, subnet, { owner: requestOwner, address })
  removePool(transaction, subnet)
}

/** The addresses of a pool that were requested, and that no endpoint has. */
export function requestedLeases(transaction: ReadTransaction, subnet: Subnet): readonly Lease[] {
  return listLeases(transaction, subnet).filter(({ owner }) => owner === requestOwner)
}

/** @throws NetdojoError `pool-missing`, or `pool-in-use` while a network has it or an address of it is in use */
export function releasePool(
  transaction: Transaction,
  subnet: Subnet,
  nameOf: (owner: string) => string,
): void {
  const { owner } = readPool(transaction, subnet)
  if (owner !== requestOwner) throw inUse('release', subnet, `${nameOf(owner)} has it`)
  removePool(transaction, subnet)
}

/** Removes a pool and all its keys. @throws NetdojoError `pool-missing`, or `pool-in-use` while an address of it is in use */
export function removePool(transaction: Transaction, subnet: Subnet): void {
  readPool(transaction, subnet)
  const [lease, ...others] = listLeases(transaction, subnet)
  if (!lease) return deletePool(transaction, subnet)
  throw inUse(
    'remove',
    subnet,
    `${others.length + 1} of its addresses are in use: ${lease.owner} has ${lease.address}`,
    'release its addresses first',
  )
}

function inUse(
  operation: string,
  subnet: Subnet,
  reason: string,
  advice = 'remove the network first, or use another pool',
): NetdojoError {
  return new NetdojoError({
    code: 'pool-in-use',
    operation: `${operation} the pool of`,
    object: `${subnet}`,
    reason,
    advice: [advice],
  })
}

/** A default route covers every subnet, and does not show that one is in use. */
function withoutDefaultRoutes(used: readonly UsedSubnet[] = []): readonly UsedSubnet[] {
  return used.filter(({ subnet }) => subnet.prefixLength > 0)
}

function refuseTakenGateway({ subnet, gateway }: Pool, used: readonly UsedSubnet[]): void {
  const taken = used.find((other) => other.kind === 'single' && other.subnet.contains(gateway))
  if (!taken) return
  throw poolError('address-taken', subnet, `the gateway ${gateway} is ${taken.use}`, [
    'name another gateway',
  ])
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
    'use a private subnet such as 10.20.30.0/24 (RFC 1918) or fd00:20:30::/64 (RFC 4193)',
  ])
}

function refuseOverlap(subnet: Subnet, used: readonly UsedSubnet[]): void {
  const found = used.find((other) => forbids(other, subnet))
  if (!found) return
  throw poolError('subnet-overlap', subnet, `it overlaps with ${found.subnet}, ${found.use}`, [
    'name another subnet, or none to have a free one chosen',
  ])
}

/** A VPN routes half of all addresses (0.0.0.0/1), or all private ones: that does not show that one of them is in use. */
function forbids({ subnet, kind }: UsedSubnet, wanted: Subnet): boolean {
  if (kind === 'single') return false
  return kind === 'route' ? wanted.contains(subnet) : wanted.overlaps(subnet)
}

function complete(subnet: Subnet, request: PoolRequest): Pool {
  // Beside the network and broadcast addresses it needs a gateway and at least one endpoint.
  if (subnet.size < 4n) throw tooSmall(subnet, 'it must have room for a gateway and an endpoint')
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
      `the gateway must be an address that a host may have, not ${gateway}`,
      [`name another address, or none to use ${subnet.first.plus(1n)}`],
    )
  const pool: Pool = {
    subnet,
    gateway,
    range,
    reserved,
    owner: request.owner,
    ...(request.requested ? { requested: true } : {}),
  }
  if (intervalsOf(pool).length === 0)
    throw tooSmall(subnet, `every address of ${range} is reserved or the gateway`)
  return pool
}

function tooSmall(subnet: Subnet, reason: string): NetdojoError {
  const smallest = subnet.family === 4 ? '/30' : '/126'
  return poolError('subnet-too-small', subnet, reason, [
    `use a ${smallest} or larger, with addresses that are not reserved`,
  ])
}

function outside(subnet: Subnet, part: string, first: IpAddress, last: IpAddress): NetdojoError {
  const reason = `the ${part} must be in the subnet, and ${new AddressRange(first, last)} is not`
  return poolError('address-out-of-range', subnet, reason, [
    `its addresses are ${AddressRange.of(subnet)}`,
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

// First a range that no other engine takes by default: Docker takes 172.17.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16, podman
// 10.88.0.0/15, and home routers 192.168.0.0/16. Then all private ranges (RFC 1918).
const ipv4 = ['10.213.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) =>
  Subnet.parse(text),
)
const ipv4PrefixLength = 24
const uniqueLocal = Subnet.parse('fd00::/8')

/**
 * A private subnet that overlaps with none in use. First every route is avoided, but for those that are so large that they lead a
 * VPN's packets for everything (0.0.0.0/1); then only what forbids a subnet. @throws NetdojoError `subnets-exhausted`
 */
function chooseSubnet(family: Family, used: readonly UsedSubnet[]): Subnet {
  const own = used.filter(({ subnet }) => subnet.family === family)
  const avoids = [
    ({ subnet, kind }: UsedSubnet) => kind !== 'route' || subnet.prefixLength >= 8,
    ({ kind }: UsedSubnet) => kind !== 'route',
  ]
  for (const avoid of avoids)
    for (const range of family === 4 ? ipv4 : [uniqueLocal]) {
      const taken = own.filter(avoid).map(({ subnet }) => subnet)
      if (taken.some((subnet) => subnet.contains(range))) continue
      const isFree = (candidate: Subnet) =>
        !taken.some((subnet) => subnet.overlaps(candidate)) &&
        !own.some((other) => forbids(other, candidate))
      for (const candidate of family === 4 ? ipv4Candidates(range) : ipv6Candidates())
        if (isFree(candidate)) return candidate
    }
  throw new NetdojoError({
    code: 'subnets-exhausted',
    operation: 'choose',
    object: `an IPv${family} subnet`,
    reason: `all subnets of ${family === 4 ? ipv4.slice(1).join(', ') : uniqueLocal} that could be chosen are in use`,
    advice: ['remove networks that you no longer need', 'or name a subnet yourself'],
  })
}

function* ipv4Candidates(range: Subnet): Generator<Subnet> {
  const step = 1n << BigInt(32 - ipv4PrefixLength)
  for (let offset = 0n; offset < range.size; offset += step)
    yield new Subnet(range.first.plus(offset), ipv4PrefixLength)
}

/** A unique local /64: `fd`, then 40 random bits, so that networks of two machines can be joined later (RFC 4193 3.2). */
function* ipv6Candidates(): Generator<Subnet> {
  for (let attempt = 0; attempt < 16; attempt++) {
    const globalId = BigInt(`0x${randomBytes(5).toString('hex')}`)
    yield new Subnet(new IpAddress(6, (0xfdn << 120n) | (globalId << 80n)), 64)
  }
}

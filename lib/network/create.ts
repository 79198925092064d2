// Creates a network: one transaction takes its subnets and journals the plan; then the kernel follows.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { parseInterfaceName } from '../address/name.ts'
import { quote } from '../address/quote.ts'
import type { NetworkDriver } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { adoptPool, createPool, type UsedSubnet } from '../ipam/pools.ts'
import type { Pool } from '../ipam/pool.ts'
import { hostSubnets, type HostSubnet } from '../kernel/host-subnets.ts'
import { readHost } from '../kernel/read.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { chooseVni, claimNetwork, sharedNetwork, sharedSubnets } from './cluster/claims.ts'
import {
  greatestMtu,
  machinesPrefix,
  register,
  type Cluster,
  type Machine,
} from './cluster/membership.ts'
import { driverOf, siblings, type Context } from './context.ts'
import { applyChange, writeJournal } from './journal.ts'
import { allNetworks, networkKey, type NetworkRecord } from './records.ts'
import { changedSysctls } from './changed-sysctls.ts'
import type { CheckedCreate } from './requests.ts'

export async function createNetwork(
  context: Context,
  request: CheckedCreate,
  signal: AbortSignal | undefined,
): Promise<NetworkRecord> {
  const driver = driverOf(context, request)
  const cluster = driver.isShared ? clusterOf(context, request) : undefined
  refuseUnknownOptions(request, driver.options)
  refuseWithoutIpv6(request)
  await driver.prepare(await context.store.read(changedSysctls))
  const used = hostSubnets(await readHost())
  if (cluster) await register(cluster)
  const local = draftOf(driver, request)
  const change = await context.store.update((transaction) => {
    const draft = cluster ? spread(transaction, local, request) : local
    refuseTaken(transaction, draft)
    const taken = context.cluster ? sharedSubnets(transaction) : []
    const subnets = takeSubnets(transaction, draft.id, request, [...used, ...taken])
    const network = { ...draft, subnets, gateway: subnets[0]?.gateway ?? '' }
    if (cluster) claimNetwork(transaction, network)
    const steps = driver.create(network, siblings(context, transaction, network))
    return writeJournal(transaction, { change: 'create', network }, steps)
  })
  await applyChange(context, change, signal)
  return change.entry.network
}

/** @throws NetdojoError `usage` */
function clusterOf({ cluster }: Context, { name, driver }: CheckedCreate): Cluster {
  if (cluster) return cluster
  throw new NetdojoError({
    code: 'usage',
    operation: 'create',
    object: `the network ${name}`,
    reason: `a network with the driver ${driver} needs a store that machines share, and this machine has none`,
    advice: [
      'say where etcd is: NETDOJO_STORE=http://10.0.0.9:2379 netdojo network create …',
      'or leave the driver out to make a bridge network of this machine alone',
    ],
  })
}

/** Adds what all machines must agree on. @throws NetdojoError `mtu-too-large`, `vni-taken` or `name-taken` */
function spread(transaction: ReadTransaction, draft: Draft, request: CheckedCreate): Draft {
  const machines = transaction.records<Machine>(machinesPrefix).map(([, machine]) => machine)
  const greatest = greatestMtu(machines)
  const { mtu = greatest } = request
  if (mtu > greatest)
    throw new NetdojoError({
      code: 'mtu-too-large',
      operation: 'create',
      object: `the network ${draft.name}`,
      reason: `mtu must be at most ${greatest} on these machines, not ${mtu}: a tunnel adds a header to each packet`,
      advice: ['name a smaller one, or none to use the greatest that fits'],
    })
  if (sharedNetwork(transaction, draft.name))
    throw new NetdojoError({
      code: 'name-taken',
      operation: 'create',
      object: `the network ${draft.name}`,
      reason: 'the cluster has a network with that name already',
      advice: ['choose another name', `or connect containers to the network ${draft.name}`],
    })
  const options = { ...draft.options, vni: chooseVni(transaction, draft) }
  return { ...draft, mtu, scope: 'cluster', options }
}

type Draft = Omit<NetworkRecord, 'subnets' | 'gateway'>

function draftOf(driver: NetworkDriver, request: CheckedCreate): Draft {
  const { name, internal, masquerade, internalTraffic, mtu, labels, options } = request
  const id = randomBytes(8).toString('hex')
  return {
    id,
    name,
    driver: driver.name,
    interface: parseInterfaceName(driver.networkInterface({ id, name, options })),
    internal,
    masquerade,
    internalTraffic,
    ...(mtu === undefined ? {} : { mtu }),
    labels,
    options,
    createdAt: new Date().toISOString(),
  }
}

function takeSubnets(
  transaction: Transaction,
  owner: string,
  request: CheckedCreate,
  used: readonly (HostSubnet | UsedSubnet)[],
): NetworkRecord['subnets'] {
  const { subnet, gateway, ipRange, reserved, subnet6, gateway6, ipRange6, pool, pool6 } = request
  const pools: Pool[] = []
  const networks = allNetworks(transaction)
  const nameOf = (owner: string) =>
    `the network ${networks.find(({ id }) => id === owner)?.name ?? owner}`
  if (pool) pools.push(adoptPool(transaction, pool, { owner, nameOf, used }))
  // A request that names only an IPv6 subnet asks for a network without IPv4.
  else if (subnet || ((subnet6 === undefined || subnet6 === true) && !pool6))
    pools.push(
      createPool(transaction, {
        owner,
        nameOf,
        used,
        family: 4,
        ...(subnet ? { subnet } : {}),
        ...(gateway ? { gateway } : {}),
        ...(ipRange ? { range: ipRange } : {}),
        reserved: reserved.filter(({ first }) => first.family === 4),
      }),
    )
  if (pool6) pools.push(adoptPool(transaction, pool6, { owner, nameOf, used }))
  else if (subnet6 !== undefined)
    pools.push(
      createPool(transaction, {
        owner,
        nameOf,
        used,
        family: 6,
        ...(subnet6 === true ? {} : { subnet: subnet6 }),
        ...(gateway6 ? { gateway: gateway6 } : {}),
        ...(ipRange6 ? { range: ipRange6 } : {}),
        reserved: reserved.filter(({ first }) => first.family === 6),
      }),
    )
  return pools.map(({ subnet, gateway }) => ({ subnet: `${subnet}`, gateway: `${gateway}` }))
}

function refuseTaken(transaction: Transaction, { name, interface: wanted }: Draft): void {
  const networks = allNetworks(transaction)
  const other = networks.find((network) => network.interface === wanted)
  const isNamed = transaction.record(networkKey(name)) !== undefined
  if (!isNamed && !other) return
  throw new NetdojoError({
    code: isNamed ? 'name-taken' : 'interface-exists',
    operation: 'create',
    object: `the network ${name}`,
    reason: isNamed
      ? 'a network with that name exists already'
      : `the network ${other?.name} uses the interface ${wanted}`,
    advice: ['choose another name', `or remove the network ${other?.name ?? name} first`],
  })
}

/** A new interface copies `default`; the kernel refuses it every IPv6 address (EACCES), which would say nothing of the cause. */
function refuseWithoutIpv6({ name, subnet6, pool6 }: CheckedCreate): void {
  if (subnet6 === undefined && pool6 === undefined) return
  const sysctl = '/proc/sys/net/ipv6/conf/default/disable_ipv6'
  const isMissing = !existsSync(sysctl)
  if (!isMissing && readFileSync(sysctl, 'utf8').trim() === '0') return
  throw new NetdojoError({
    code: 'kernel-feature-missing',
    operation: 'create',
    object: `the network ${name}`,
    reason: isMissing
      ? 'a network with an IPv6 subnet needs IPv6, and this kernel runs without it'
      : 'a network with an IPv6 subnet needs IPv6, and net.ipv6.conf.default.disable_ipv6 is 1 on this host',
    advice: [
      isMissing
        ? 'start the kernel without ipv6.disable=1'
        : 'sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0',
      'or create the network without an IPv6 subnet',
    ],
  })
}

function refuseUnknownOptions(
  { options, name, driver }: CheckedCreate,
  known: Readonly<Record<string, string>>,
): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option))
  if (unknown === undefined) return
  throw new NetdojoError({
    code: 'option-unknown',
    operation: 'create',
    object: `the network ${name}`,
    reason: `the driver ${driver} has no option ${quote(unknown)}`,
    advice: [
      `its options: ${
        Object.entries(known)
          .map(([option, meaning]) => `${option} (${meaning})`)
          .join(', ') || 'none'
      }`,
    ],
  })
}

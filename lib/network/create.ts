// Makes a network: its addresses are taken, the plan is journaled with them, and then the kernel follows.
import { randomBytes } from 'node:crypto'
import { quote } from '../address/quote.ts'
import type { NetworkDriver } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { createPool } from '../ipam/create-pool.ts'
import type { Pool } from '../ipam/pool.ts'
import { readHostSubnets, type HostSubnet } from '../kernel/host-subnets.ts'
import type { Transaction } from '../store/store.ts'
import { driverOf, siblings, type Context } from './context.ts'
import { driverNetwork } from './driver-view.ts'
import { interfaceName } from './fields.ts'
import { begin, applyChange } from './journal.ts'
import { allNetworks, networkKey, type NetworkRecord } from './records.ts'
import type { CheckedCreate } from './requests.ts'

export async function createNetwork(
  context: Context,
  request: CheckedCreate,
  signal: AbortSignal | undefined,
): Promise<NetworkRecord> {
  const driver = driverOf(context, request)
  refuseUnknownOptions(request, driver.options)
  await driver.prepare()
  const used = readHostSubnets()
  const draft = draftOf(driver, request)
  const begun = await context.store.update((transaction) => {
    refuseTaken(transaction, draft)
    const subnets = takeSubnets(transaction, draft.id, request, used)
    const network = { ...draft, subnets, gateway: subnets[0]?.gateway ?? '' }
    const steps = driver.create(driverNetwork(network), siblings(transaction, network))
    return begin(transaction, { change: 'create', network }, steps)
  })
  await applyChange(context, begun, signal)
  return begun.entry.network
}

type Draft = Omit<NetworkRecord, 'subnets' | 'gateway'>

function draftOf(driver: NetworkDriver, request: CheckedCreate): Draft {
  const { name, internal, masquerade, internalTraffic, mtu, labels, options } = request
  const id = randomBytes(8).toString('hex')
  return {
    id,
    name,
    driver: driver.name,
    interface: interfaceName(driver.networkInterface({ id, name, options })),
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
  used: readonly HostSubnet[],
): NetworkRecord['subnets'] {
  const { subnet, gateway, range, reserved, subnet6, gateway6 } = request
  const pools: Pool[] = []
  // An IPv6 network without IPv4 is one that names its IPv6 subnet only.
  if (subnet || subnet6 === undefined || subnet6 === true || gateway || range)
    pools.push(
      createPool(transaction, {
        owner,
        used,
        family: 4,
        ...(subnet ? { subnet } : {}),
        ...(gateway ? { gateway } : {}),
        ...(range ? { range } : {}),
        reserved: reserved.filter(({ first }) => first.family === 4),
      }),
    )
  if (subnet6 !== undefined)
    pools.push(
      createPool(transaction, {
        owner,
        used,
        family: 6,
        ...(subnet6 === true ? {} : { subnet: subnet6 }),
        ...(gateway6 ? { gateway: gateway6 } : {}),
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
      ? 'there is a network of that name'
      : `the network ${other?.name} has the interface ${wanted}`,
    advice: ['choose another name', `or remove the other one first: ${other?.name ?? name}`],
  })
}

function refuseUnknownOptions(
  { options, name }: CheckedCreate,
  known: Readonly<Record<string, string>>,
): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option))
  if (unknown === undefined) return
  throw new NetdojoError({
    code: 'option-unknown',
    operation: 'create',
    object: `the network ${name}`,
    reason: `its driver has no option ${quote(unknown)}`,
    advice: Object.entries(known).map(([option, meaning]) => `${option}: ${meaning}`),
  })
}

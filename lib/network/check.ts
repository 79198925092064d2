// Compares one endpoint with the kernel and changes nothing: each difference says what the record has and what the kernel has.
import { readHost } from '../kernel/read.ts'
import type { Link } from '../kernel/state/state.ts'
import { operationsOf } from '../driver/driver.ts'
import { changedSysctls } from './changed-sysctls.ts'
import type { Context } from './context.ts'
import { inodeAt } from './namespace-path.ts'
import { attachedTo } from './reconcile.ts'
import { findEndpoint, type EndpointRecord, type NetworkRecord } from './records.ts'

/** One point in which the kernel differs from the record of an endpoint. */
export type Difference = {
  /** What differs. `rules`: the firewall, the bridge or a sysctl, which endpoints of the network share. */
  readonly part:
    | 'namespace'
    | 'host-interface'
    | 'interface'
    | 'address'
    | 'default-route'
    | 'rules'
  /** What the record has: `'192.168.0.2/24 on eth0'`. */
  readonly expected: string
  /** What the kernel has: `'no such address'`. */
  readonly found: string
}

/** @throws NetdojoError `network-missing` or `endpoint-missing` */
export async function checkEndpoint(
  context: Context,
  name: string,
  id: string,
): Promise<readonly Difference[]> {
  const { network, endpoint } = await context.store.read((transaction) =>
    findEndpoint(transaction, name, id),
  )
  const { links } = await readHost()
  return [
    // Another driver may leave nothing on the host.
    ...(context.drivers.baseOf(network.driver) === 'bridge'
      ? hostDifferences(network, endpoint, links)
      : []),
    ...(await namespaceDifferences(network, endpoint)),
    ...(await ruleDifferences(context, network)),
  ]
}

function hostDifferences(
  network: NetworkRecord,
  { hostInterface }: EndpointRecord,
  links: readonly Omit<Link, 'peer'>[],
): readonly Difference[] {
  const link = links.find(({ name }) => name === hostInterface)
  const expected = `${hostInterface} on ${network.interface}, up`
  if (!link) return [{ part: 'host-interface', expected, found: 'no such interface' }]
  const isUp = link.up
  if (link.master === network.interface && isUp) return []
  const found = `${link.name} ${link.master ? `on ${link.master}` : 'on no bridge'}, ${isUp ? 'up' : 'down'}`
  return [{ part: 'host-interface', expected, found }]
}

async function namespaceDifferences(
  network: NetworkRecord,
  endpoint: EndpointRecord,
): Promise<readonly Difference[]> {
  const { netns, netnsInode, interface: name, mac, addresses, defaultRoute } = endpoint
  // The engine may have moved and renamed the interface. While the veth pair exists, nothing of ours is missing.
  if (netns === undefined) return []
  const inode = inodeAt(netns)
  if (inode !== netnsInode)
    return [
      {
        part: 'namespace',
        expected: `${netns}, inode ${netnsInode}`,
        found: inode === undefined ? 'no such namespace' : `another one, inode ${inode}`,
      },
    ]
  const { links, routes } = await readHost(netns)
  const link = links.find((link) => link.name === name)
  const expected = `${name} with the MAC address ${mac}, up`
  if (!link) return [{ part: 'interface', expected, found: 'no such interface' }]
  const isUp = link.up
  const had = new Set(link.addresses.map(({ address, prefix }) => `${address}/${prefix}`))
  const lost = addresses.filter((address) => !had.has(address))
  const gateways = endpoint.gateways ?? network.subnets.map(({ gateway }) => gateway)
  const missing = (defaultRoute ? gateways : []).filter(
    (via) =>
      !routes.some((route) => route.to === 'default' && route.via === via && route.link === name),
  )
  return [
    ...(link.mac === mac && isUp
      ? []
      : [
          {
            part: 'interface' as const,
            expected,
            found: `${name} with the MAC address ${link.mac}, ${isUp ? 'up' : 'down'}`,
          },
        ]),
    ...lost.map((address) => ({
      part: 'address' as const,
      expected: `${address} on ${name}`,
      found: 'no such address',
    })),
    ...missing.map((via) => ({
      part: 'default-route' as const,
      expected: `default via ${via} by ${name}`,
      found: 'no such route',
    })),
  ]
}

/** The driver plans the repair, which is not applied: a step of it is a difference. */
async function ruleDifferences(
  context: Context,
  network: NetworkRecord,
): Promise<readonly Difference[]> {
  const driver = context.drivers.get(context.drivers.baseOf(network.driver))
  await driver.prepare(await context.store.read(changedSysctls))
  const attached = await context.store.read((transaction) =>
    attachedTo(context, transaction, driver),
  )
  const { steps } = await driver.check(attached, { removeStrays: false })
  return steps
    .filter((step) => operationsOf([step]).some(({ kind }) => kind !== 'remove-link'))
    .map(({ title }) => ({
      part: 'rules',
      expected: 'what the records say',
      found: `a difference that reconcile repairs: ${title}`,
    }))
}

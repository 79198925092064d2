// Decides, over all endpoints of a namespace, where the default route of each family leads and which endpoint publishes the shared ports; a change moves both in its own plan.
import type { Step } from '../driver/driver.ts'
import type { Forward } from '../firewall/firewall.ts'
import type { Operation } from '../kernel/operation.ts'
import { driverOf, type Context } from './context.ts'
import { everyAddress, familiesOf, forwardsOf, portFamilies, type Family } from './ports.ts'
import type { ReadTransaction } from '../store/store.ts'
import {
  membersOf,
  namespaceRecord,
  type EndpointRecord,
  type Member,
  type PublishedPort,
} from './records.ts'

/** What a change of one endpoint does to its namespace. */
export type NamespacePlan = {
  /** The endpoints as the change leaves them. */
  readonly after: readonly Member[]
  /** Those of them that existed before, and that the change alters. */
  readonly changed: readonly EndpointRecord[]
  /** Set the default routes. */
  readonly routes: readonly Operation[]
  readonly unpublish: readonly Step[]
  readonly publish: readonly Step[]
  /** Bring the routes and ports before the change back. */
  readonly restore: readonly Operation[]
}

/** @param shared the ports of the container in the namespace */
export function planNamespace(
  context: Context,
  before: readonly Member[],
  members: readonly Member[],
  shared: readonly PublishedPort[],
): NamespacePlan {
  const after = settle(members, shared)
  const pairs = after.flatMap(({ network, endpoint }) => {
    const old = before.find((other) => other.endpoint.id === endpoint.id)?.endpoint
    return old ? [{ network, old, endpoint }] : []
  })
  const moved = pairs.map((pair) => {
    const [was, is] = [pair.old, pair.endpoint].map((record) =>
      forwardsOf(record.ports, record.addresses),
    )
    return { network: pair.network, gone: without(was, is), added: without(is, was) }
  })
  const steps = (kind: 'publish' | 'unpublish', which: 'gone' | 'added') =>
    moved
      .filter((move) => move[which].length > 0)
      .flatMap((move) => driverOf(context, move.network)[kind]?.(move[which]) ?? [])
  const routes = routeChanges(before, after)
  return {
    after,
    changed: pairs
      .filter(({ old, endpoint }) => !isSame(old, endpoint))
      .map((pair) => pair.endpoint),
    routes,
    unpublish: steps('unpublish', 'gone'),
    // Unpublished first, these operations can be applied twice: a crash may come between them and their record.
    publish: [...steps('unpublish', 'added'), ...steps('publish', 'added')],
    restore: [
      ...routeChanges(after, before),
      ...[...steps('unpublish', 'gone'), ...steps('publish', 'gone')].flatMap(
        ({ operations }) => operations,
      ),
    ],
  }
}

/** Moves the default routes and the shared ports of endpoints that end to the others of their namespace. */
export function withoutEndpoints(
  context: Context,
  transaction: ReadTransaction,
  netnsInode: number | undefined,
  ending: ReadonlySet<string>,
): {
  /** Before and after the steps that end the endpoints. */
  readonly first: readonly Step[]
  readonly last: readonly Step[]
  /** A field of the journal entry. */
  readonly others: { readonly others?: readonly EndpointRecord[] }
} {
  const members = membersOf(transaction, netnsInode)
  const left = members.filter(({ endpoint }) => !ending.has(endpoint.id))
  const shared = namespaceRecord(transaction, netnsInode)?.ports ?? []
  const { routes, unpublish, publish, changed } = planNamespace(context, members, left, shared)
  const title = 'Lead the default route through another network of the container'
  return {
    first: [...(routes.length > 0 ? [{ title, operations: routes }] : []), ...unpublish],
    last: publish,
    others: changed.length > 0 ? { others: changed } : {},
  }
}

/**
 * The default route of a family leads through the endpoint with the highest priority, and among several through the one
 * that was connected first. Docker takes the first network by its name (libnetwork 1141), which moves the way out of a
 * running container when a network with an earlier name is connected.
 */
function settle(members: readonly Member[], shared: readonly PublishedPort[]): readonly Member[] {
  const order = members
    .filter(({ network }) => !network.internal)
    .toSorted(({ endpoint: a }, { endpoint: b }) => priorityOf(b) - priorityOf(a))
  const having = (family: Family) =>
    order.filter(({ endpoint }) => familiesOf(endpoint.addresses).includes(family))
  const leader = (family: Family) =>
    having(family).find(
      ({ endpoint }) =>
        endpoint.attachment === 'netns' &&
        !endpoint.neverDefaultRoute &&
        !endpoint.foreignDefaultRoutes?.includes(family),
    )
  const wanted: readonly Wanted[] = [
    ...members.flatMap((by) => wantedOf(by.endpoint).map((port) => ({ port, by }))),
    ...shared.map((port) => ({ port, by: undefined })),
  ]
  // Replies leave by the default route, and no packet may leave a network with an address of another one.
  const publisher = (family: Family, by: Member | undefined) =>
    leader(family) ?? having(family).find((member) => member === by) ?? having(family)[0]
  return members.map((member) => {
    const { network, endpoint } = member
    const own = familiesOf(endpoint.addresses)
    const led = own.filter((family) => leader(family) === member)
    const ports = wanted.flatMap(({ port, by }) => {
      const published = own.filter((family) => publisher(family, by) === member)
      return portsFor(port, published, published.length === own.length, by === member)
    })
    const { gateways: _gateways, publish: _publish, ...rest } = endpoint
    const isPart = led.length > 0 && led.length < own.length
    const asked = wantedOf(endpoint)
    const isElsewhere = !isSame(
      asked,
      ports.filter((port) => !port.shared),
    )
    return {
      network,
      endpoint: {
        ...rest,
        defaultRoute: led.length > 0,
        ...(isPart ? { gateways: gatewaysOf(network, led) } : {}),
        ports,
        ...(isElsewhere ? { publish: asked } : {}),
      },
    }
  })
}

/** A port, and the endpoint whose request named it; none for a port of the container. */
type Wanted = { readonly port: PublishedPort; readonly by: Member | undefined }

function wantedOf({ ports, publish }: EndpointRecord): readonly PublishedPort[] {
  return publish ?? ports.filter((port) => !port.shared)
}

function gatewaysOf({ subnets }: Member['network'], families: readonly Family[]) {
  return subnets
    .map(({ gateway }) => gateway)
    .filter((gateway) => families.some((family) => portFamilies(gateway).includes(family)))
}

function portsFor(
  port: PublishedPort,
  published: readonly Family[],
  inAll: boolean,
  isOwn: boolean,
): readonly PublishedPort[] {
  const families = portFamilies(port.hostAddress).filter((family) => published.includes(family))
  const { protocol, hostAddress, hostPort, port: target } = port
  const mark = isOwn ? {} : { shared: true as const }
  const all = hostAddress === undefined ? {} : { hostAddress }
  if (families.length === 0) return []
  if (hostAddress !== undefined || inAll)
    return [{ protocol, ...all, hostPort, port: target, ...mark }]
  return families.map((family) =>
    Object.assign({ protocol, hostAddress: everyAddress[family], hostPort, port: target }, mark),
  )
}

function priorityOf({ gatewayPriority = 0 }: EndpointRecord): number {
  return gatewayPriority
}

/** The route of the first network is added, so that one of another program is not replaced; a later one replaces ours. */
function routeChanges(before: readonly Member[], after: readonly Member[]): readonly Operation[] {
  return ([4, 6] as const).flatMap((family): readonly Operation[] => {
    const [old, route] = [routeOf(before, family), routeOf(after, family)]
    if (!route || (old && isSame(old, route))) return []
    const isOurs =
      old !== undefined || before.some(({ endpoint }) => endpoint.interface === route.link)
    return [{ kind: isOurs ? 'replace-route' : 'add-route', to: 'default', ...route }]
  })
}

function routeOf(members: readonly Member[], family: Family) {
  for (const { network, endpoint } of members) {
    const { interface: link, netns, defaultRoute } = endpoint
    const all = network.internal || !defaultRoute ? [] : network.subnets
    const gateways = endpoint.gateways ?? all.map(({ gateway }) => gateway)
    const via = gateways.find((gateway) => portFamilies(gateway).includes(family))
    if (via !== undefined && netns !== undefined) return { via, link, netns }
  }
  return undefined
}

function without(forwards: readonly Forward[] = [], others: readonly Forward[] = []) {
  return forwards.filter((forward) => !others.some((other) => isSame(forward, other)))
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

// Reads the links, addresses, routes and routing rules of the current network namespace, which needs no privileges; other
// namespaces: state/read.ts.
import { NetdojoError } from '../errors.ts'
import type {
  Address,
  ForwardingEntry,
  Link,
  Neighbour,
  Route,
  RoutingRule,
} from './state/state.ts'

export type Host = {
  readonly links: readonly Omit<Link, 'peer'>[]
  /** Of all tables. */
  readonly routes: readonly Route[]
  readonly rules: readonly RoutingRule[]
}

/** The modules are loaded here, since most changes of a network need no such read. `netns` is another namespace to read. */
export async function readHost(netns?: string): Promise<Host> {
  const [{ loadLibc }, { NetlinkSocket }, { readLinks }, { readRoutes, readRoutingRules }] =
    await Promise.all([
      import('./netlink/libc.ts'),
      import('./netlink/socket.ts'),
      import('./state/links.ts'),
      import('./state/routes.ts'),
    ])
  const libc = await loadLibc()
  if (!libc) return readByPrograms(netns)
  using socket = new NetlinkSocket(libc, 'ROUTE', netns)
  const { links, names } = readLinks(socket, false)
  return { links, routes: readRoutes(socket, names), rules: readRoutingRules(socket) }
}

export type RemoteEntries = {
  readonly links: Host['links']
  readonly forwarding: readonly ForwardingEntry[]
  readonly neighbours: readonly Neighbour[]
}

/** Reads the links of this host, and its entries about other hosts. */
export async function readRemoteEntries(): Promise<RemoteEntries> {
  const [{ loadLibc }, { NetlinkSocket }, { readLinks }, { readForwarding, readNeighbours }] =
    await Promise.all([
      import('./netlink/libc.ts'),
      import('./netlink/socket.ts'),
      import('./state/links.ts'),
      import('./state/neighbours.ts'),
    ])
  const libc = await loadLibc()
  if (!libc) return readByPrograms()
  using socket = new NetlinkSocket(libc, 'ROUTE')
  const { links, names } = readLinks(socket, false)
  return {
    links,
    forwarding: readForwarding(socket, names),
    neighbours: readNeighbours(socket, names),
  }
}

export type NamespaceUse = {
  readonly links: readonly string[]
  readonly defaultRoutes: readonly { readonly family: 4 | 6; readonly link: string | undefined }[]
}

/** The state of a namespace before it is connected. This runs at each connect: a new namespace costs one dump of one link. */
export async function readNamespaceUse(netns: string): Promise<NamespaceUse> {
  try {
    const { names, routes } = await linksAndRoutes(netns)
    return {
      links: names,
      defaultRoutes: routes
        .filter(({ to, table, type }) => to === 'default' && table === 'main' && type === 'unicast')
        .map(({ family, link }) => ({ family, link })),
    }
  } catch {
    // The change itself says best why the namespace cannot be entered.
    return { links: [], defaultRoutes: [] }
  }
}

type LinksAndRoutes = { readonly names: readonly string[]; readonly routes: readonly Route[] }

async function linksAndRoutes(netns: string): Promise<LinksAndRoutes> {
  const [{ loadLibc }, { NetlinkSocket }, { readLinkNames }, { readRoutes }] = await Promise.all([
    import('./netlink/libc.ts'),
    import('./netlink/socket.ts'),
    import('./state/links.ts'),
    import('./state/routes.ts'),
  ])
  const libc = await loadLibc()
  if (!libc) {
    const { links, routes } = await readByPrograms(netns)
    return { names: links.map(({ name }) => name), routes }
  }
  using socket = new NetlinkSocket(libc, 'ROUTE', netns)
  const names = readLinkNames(socket)
  // With `lo` alone, there is no way to anywhere.
  return { names: [...names.values()], routes: names.size > 1 ? readRoutes(socket, names) : [] }
}

export type HostAddress = Pick<Address, 'address'> & { readonly link?: string }

/** Reads only the addresses, also those of interfaces that are down, and with `named` their interfaces: this runs at each connect. */
export async function readHostAddresses(named: boolean): Promise<readonly HostAddress[]> {
  const [{ loadLibc }, { NetlinkSocket }, { readAddresses, readLinks }] = await Promise.all([
    import('./netlink/libc.ts'),
    import('./netlink/socket.ts'),
    import('./state/links.ts'),
  ])
  const libc = await loadLibc()
  if (libc && !named) {
    using socket = new NetlinkSocket(libc, 'ROUTE')
    return [...readAddresses(socket).values()].flat()
  }
  using socket = libc && new NetlinkSocket(libc, 'ROUTE')
  const { links } = socket ? readLinks(socket, false) : await readByPrograms()
  return links.flatMap(({ name, addresses }) =>
    addresses.map(({ address }) => ({ address, link: name })),
  )
}

async function readByPrograms(netns = '/proc/self/ns/net'): Promise<Host & RemoteEntries> {
  const { readByPrograms } = await import('./state/programs.ts')
  const { states, unread } = await readByPrograms(
    [{ name: 'host', netns }],
    ['routes', 'neighbours'],
  )
  const [state] = states
  if (state) return state
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'read',
    object: 'the links of this host',
    reason: unread.map(({ reason }) => reason).join('; '),
    advice: ['install iproute2 5.0 or later; ip -V shows the version'],
  })
}

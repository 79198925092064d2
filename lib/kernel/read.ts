// Reads the links and routes of the current network namespace, which needs no privileges; other namespaces: state/read.ts.
import { NetdojoError } from '../errors.ts'
import type { Link, Route } from './state/state.ts'

type Host = { readonly links: readonly Omit<Link, 'peer'>[]; readonly routes: readonly Route[] }

/** The modules are loaded here, since most changes of a network need no such read. */
export async function readHost(): Promise<Host> {
  const [{ loadLibc }, { NetlinkSocket }, { readLinks }, { readRoutes }] = await Promise.all([
    import('./netlink/libc.ts'),
    import('./netlink/socket.ts'),
    import('./state/links.ts'),
    import('./state/routes.ts'),
  ])
  const libc = await loadLibc()
  if (!libc) return readByPrograms()
  using socket = new NetlinkSocket(libc, 'ROUTE')
  const { links, names } = readLinks(socket, false)
  return { links, routes: readRoutes(socket, names) }
}

async function readByPrograms(): Promise<Host> {
  const { readByPrograms } = await import('./state/programs.ts')
  const node = { name: 'host', netns: '/proc/self/ns/net' }
  const { states, unread } = await readByPrograms([node], ['routes'])
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

// Reads links, addresses, routes and bridge ports from the JSON of `ip -j` and `bridge -j`.
import { NetdojoError } from '../errors.ts'
import { run } from '../exec/run.ts'

/** A network device. In every read, `netns` is the path of a namespace, or absent for the current one. */
export type Link = {
  readonly index: number
  readonly name: string
  /** `'veth'`, `'bridge'`, `'vxlan'` …; absent for hardware. */
  readonly type?: string
  readonly mac?: string
  readonly mtu: number
  readonly group: string
  readonly alias?: string
  readonly master?: string
  readonly up: boolean
  readonly state: string
}

export type Address = {
  readonly link: string
  readonly family: 4 | 6
  readonly address: string
  readonly prefix: number
  readonly scope: string
}

export type Route = {
  readonly to: string
  readonly via?: string
  readonly link?: string
  readonly family: 4 | 6
}

export type BridgePort = {
  readonly link: string
  readonly bridge: string
  readonly state: string
  readonly hairpin: boolean
  readonly isolated: boolean
}

export async function readLinks(netns?: string): Promise<readonly Link[]> {
  return (await read<RawLink>(netns, 'ip', ['-j', '-d', 'link', 'show'])).map(link)
}

export async function readAddresses(netns?: string): Promise<readonly Address[]> {
  const links = await read<RawAddresses>(netns, 'ip', ['-j', 'address', 'show'])
  return links.flatMap(({ ifname, addr_info }) =>
    (addr_info ?? []).map((info) => ({
      link: ifname,
      family: info.family === 'inet6' ? (6 as const) : (4 as const),
      address: info.local,
      prefix: info.prefixlen,
      scope: info.scope,
    })),
  )
}

/** The routes of the main table, in both families. */
export async function readRoutes(netns?: string): Promise<readonly Route[]> {
  const [four, six] = await Promise.all([
    read<RawRoute>(netns, 'ip', ['-j', '-4', 'route', 'show']),
    read<RawRoute>(netns, 'ip', ['-j', '-6', 'route', 'show']),
  ])
  return [...four.map((raw) => route(raw, 4)), ...six.map((raw) => route(raw, 6))]
}

export async function readBridgePorts(netns?: string): Promise<readonly BridgePort[]> {
  const ports = await read<RawPort>(netns, 'bridge', ['-j', '-d', 'link', 'show'])
  return ports
    .filter(({ master }) => master !== undefined)
    .map(({ ifname, master = '', state, hairpin, isolated }) => ({
      link: ifname,
      bridge: master,
      state,
      hairpin: hairpin ?? false,
      isolated: isolated ?? false,
    }))
}

type RawLink = {
  ifindex: number
  ifname: string
  linkinfo?: { info_kind?: string }
  address?: string
  mtu: number
  group: string
  ifalias?: string
  master?: string
  flags: string[]
  operstate: string
}
type RawAddresses = {
  ifname: string
  addr_info?: { family: string; local: string; prefixlen: number; scope: string }[]
}
type RawRoute = { dst: string; gateway?: string; dev?: string }
type RawPort = {
  ifname: string
  master?: string
  state: string
  hairpin?: boolean
  isolated?: boolean
}

/** `ip -j` prints nothing for an empty answer, and `{}` for an entry that it left out. */
async function read<Raw extends object>(
  netns: string | undefined,
  program: string,
  args: readonly string[],
): Promise<readonly Raw[]> {
  const { stdout } = await run(program, args, { netns })
  try {
    const items: Raw[] = JSON.parse(stdout.trim() || '[]')
    return items.filter((item) => Object.keys(item).length > 0)
  } catch (cause) {
    throw new NetdojoError({
      code: 'program-failed',
      operation: 'read',
      object: [program, ...args].join(' '),
      reason: 'its output is not JSON',
      advice: ['install iproute2 5.0 or later; ip -V shows the version'],
      cause,
    })
  }
}

function link(raw: RawLink): Link {
  return {
    index: raw.ifindex,
    name: raw.ifname,
    ...(raw.linkinfo?.info_kind === undefined ? {} : { type: raw.linkinfo.info_kind }),
    ...(raw.address === undefined ? {} : { mac: raw.address }),
    mtu: raw.mtu,
    group: raw.group,
    ...(raw.ifalias === undefined ? {} : { alias: raw.ifalias }),
    ...(raw.master === undefined ? {} : { master: raw.master }),
    up: raw.flags.includes('UP'),
    state: raw.operstate,
  }
}

function route(raw: RawRoute, family: 4 | 6): Route {
  return {
    to: raw.dst,
    ...(raw.gateway === undefined ? {} : { via: raw.gateway }),
    ...(raw.dev === undefined ? {} : { link: raw.dev }),
    family,
  }
}

// Devices that came, went, moved or changed, and their addresses; what the kernel adds by itself for IPv6 is no change.
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { cameAndWent, type Change } from './collection.ts'

type Worlds = { readonly before: Snapshot; readonly after: Snapshot }

export function linkChanges(
  before: NodeState,
  after: NodeState,
  worlds: Worlds,
): readonly Change[] {
  const node = after.name
  const gone = before.links.filter((link) => !same(link, after.links))
  return [
    ...gone.map((link): Change => {
      const now = placeOf(link, worlds.after)
      const text = `${described(link)}${now === undefined ? '' : `, moved to ${now}`}`
      return { node, sign: '-', text }
    }),
    ...after.links.flatMap((link): readonly Change[] => {
      const old = same(link, before.links)
      const from = old ? undefined : placeOf(link, worlds.before)
      const moved = from === undefined ? '' : `, moved from ${from}`
      return [
        ...(old
          ? edits(old, link).map((text): Change => ({ node, sign: '~', text }))
          : [{ node, sign: '+' as const, text: `${described(link)} (${stateOf(link)}${moved})` }]),
        ...cameAndWent(node, old ? addressesOf(old) : [], addressesOf(link)),
      ]
    }),
  ]
}

/** A device keeps its index for life, while its name may change. */
function same({ index, kind }: Link, links: readonly Link[]): Link | undefined {
  return links.find((link) => link.index === index && link.kind === kind)
}

/** Where a device of the other snapshot is that has this one's MAC, which it keeps when it moves. */
function placeOf({ mac, name }: Link, world: Snapshot): string | undefined {
  if (name === 'lo') return undefined
  return world.nodes.find(({ links }) =>
    links.some((link) => link.mac === mac && link.name === name),
  )?.name
}

function described({ kind, name }: Link): string {
  return kind === undefined ? name : `${kind} ${name}`
}

function stateOf(link: Link): string {
  const { kind, master, peer } = link
  return [
    up(link),
    ...(master === undefined ? [] : [`port of ${master}`]),
    ...(kind === 'veth' ? [`peer ${peerOf(peer)}`] : []),
    ...(link.mtu === 1500 || link.name === 'lo' ? [] : [`mtu ${link.mtu}`]),
  ].join(', ')
}

/** A bridge's carrier follows those of its ports a little later: that it has none is not told. */
function up({ kind, up: isUp, carrier }: Link): string {
  if (!isUp) return 'down'
  return carrier || kind === 'bridge' ? 'up' : 'up, no carrier'
}

function peerOf(peer: Link['peer']): string {
  return peer && peer.node !== null ? `${peer.node}/${peer.link}` : 'in another namespace'
}

function edits(before: Link, after: Link): readonly string[] {
  const { name } = after
  const words = (link: Link) => [
    [up(link), 'state'],
    [String(link.mtu), 'mtu'],
    [link.alias ?? 'none', 'alias'],
  ]
  const changed = words(before).flatMap(([was = '', what], index) => {
    const [is = ''] = words(after)[index] ?? []
    if (was === is) return []
    return what === 'state' ? `${name} ${was} -> ${is}` : `${name} ${what} ${was} -> ${is}`
  })
  return [
    ...(before.name === name ? [] : [`${before.name} renamed to ${name}`]),
    ...changed,
    ...(before.master === after.master
      ? []
      : [
          after.master === undefined
            ? `${name} leaves ${before.master}`
            : `${name} becomes a port of ${after.master}`,
        ]),
    ...(before.peer && after.peer && before.peer.node !== after.peer.node
      ? [`${name} has its peer at ${peerOf(after.peer)}`]
      : []),
  ]
}

/** An address of the scope `link` is what the kernel makes of the MAC, a second after the device came up. */
function addressesOf({ name, addresses }: Link): readonly string[] {
  return addresses
    .filter(({ family, scope }) => family === 4 || scope !== 'link')
    .map(({ address, prefix }) => `address ${address}/${prefix} on ${name}`)
}

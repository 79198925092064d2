// Lists devices that were added, removed, moved or changed, and their addresses. Link-local IPv6 addresses, which the kernel adds, are
// no change.
import { message, textOf, verbatim, type Message, type Value } from '../../language/message.ts'
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { cameAndWent, change, type Change } from './collection.ts'

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
      const now = placeOf(link, worlds.after, worlds.before)
      const what =
        now === undefined
          ? message('{device}', { device: described(link) })
          : message('{device}, moved to {node}', { device: described(link), node: now })
      return change(node, '-')(what)
    }),
    ...after.links.flatMap((link): readonly Change[] => {
      const old = same(link, before.links)
      const from = old ? undefined : placeOf(link, worlds.before, worlds.after)
      return [
        ...(old ? edits(old, link).map(change(node, '~')) : [change(node, '+')(added(link, from))]),
        ...cameAndWent(node, old ? addressesOf(old) : [], addressesOf(link)),
      ]
    }),
  ]
}

/** A device keeps its index for life, while its name may change. */
function same({ index, kind }: Link, links: readonly Link[]): Link | undefined {
  return links.find((link) => link.index === index && link.kind === kind)
}

/**
 * The node that has a device with this MAC address and name in one snapshot alone: a device keeps both when it moves. An overlay network
 * has such devices on each machine, and they stay.
 */
function placeOf({ mac, name }: Link, world: Snapshot, other: Snapshot): string | undefined {
  if (name === 'lo') return undefined
  const placesIn = ({ nodes }: Snapshot) =>
    nodes
      .filter(({ links }) => links.some((link) => link.mac === mac && link.name === name))
      .map((node) => node.name)
  const stays = placesIn(other)
  return placesIn(world).find((node) => !stays.includes(node))
}

function described({ kind, name }: Link): Value {
  if (kind === 'bridge') return message('bridge {name}', { name })
  return kind === undefined ? name : `${kind} ${name}`
}

/** `bridge br0 (up)`; `veth veth0 (down, peer ns1/veth1)`. */
function added(link: Link, from: string | undefined): Message {
  const { kind, master, peer, mtu } = link
  const details: Value[] = [
    state(link),
    ...(master === undefined ? [] : [message('port of {bridge}', { bridge: master })]),
    ...(kind === 'veth' ? [message('peer {peer}', { peer: peerOf(peer) })] : []),
    ...(mtu === 1500 || link.name === 'lo' ? [] : [`mtu ${mtu}`]),
    ...(from === undefined ? [] : [message('moved from {node}', { node: from })]),
  ]
  const list = details.reduce((first, second) => message('{first}, {second}', { first, second }))
  return message('{device} ({state})', { device: described(link), state: list })
}

/** The carrier of a bridge is left out: it follows the ports after a delay. */
function state({ kind, up, carrier }: Link): Value {
  if (!up) return 'down'
  return carrier || kind === 'bridge' ? 'up' : message('up, no carrier')
}

function peerOf(peer: Link['peer']): Value {
  return peer && peer.node !== null ? `${peer.node}/${peer.link}` : message('in another namespace')
}

function edits(before: Link, after: Link): readonly Message[] {
  const { name } = after
  const [was, is] = [state(before), state(after)]
  return [
    ...(before.name === name
      ? []
      : [message('{name} renamed to {other}', { name: before.name, other: name })]),
    ...(textOf(was) === textOf(is) ? [] : [message('{name} {was} -> {is}', { name, was, is })]),
    ...(before.mtu === after.mtu ? [] : [verbatim(`${name} mtu ${before.mtu} -> ${after.mtu}`)]),
    ...(before.alias === after.alias
      ? []
      : [verbatim(`${name} alias ${before.alias ?? 'none'} -> ${after.alias ?? 'none'}`)]),
    ...(before.master === after.master
      ? []
      : [
          after.master === undefined
            ? message('{name} leaves {bridge}', { name, bridge: before.master ?? '' })
            : message('{name} becomes a port of {bridge}', { name, bridge: after.master }),
        ]),
    ...(before.peer && after.peer && before.peer.node !== after.peer.node
      ? [message('{name} has its peer at {place}', { name, place: peerOf(after.peer) })]
      : []),
  ]
}

/** The kernel adds addresses of the scope `link` a second after the device is up. */
function addressesOf({ name, addresses }: Link): readonly Message[] {
  return addresses
    .filter(({ family, scope }) => family === 4 || scope !== 'link')
    .map(({ address, prefix }) =>
      message('address {address} on {name}', { address: `${address}/${prefix}`, name }),
    )
}

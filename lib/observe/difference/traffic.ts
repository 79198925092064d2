// Lists what packets left behind: neighbours, learned forwarding entries, and connections with translated addresses. MACs are replaced
// by the name of their device.
import { message, verbatim, type Message } from '../../language/message.ts'
import type { Connection, NodeState, Tuple } from '../../kernel/state/state.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { came, cameAndWent, type Change } from './collection.ts'

type Worlds = { readonly before: Snapshot; readonly after: Snapshot }

/** Only added entries: others expire by themselves. Sorted by their texts, since the MACs differ in each run. */
export function trafficOf(before: NodeState, after: NodeState, worlds: Worlds): readonly Change[] {
  const { name } = after
  return [
    ...came(name, neighboursOf(before, worlds.before), neighboursOf(after, worlds.after)),
    ...came(name, learnedOf(before, worlds.before), learnedOf(after, worlds.after)),
    ...came(name, translatedOf(before), translatedOf(after)),
  ]
}

/** Static entries: they do not expire. */
export function staticChanges(
  before: NodeState,
  after: NodeState,
  worlds: Worlds,
): readonly Change[] {
  return cameAndWent(after.name, staticOf(before, worlds.before), staticOf(after, worlds.after))
}

function neighboursOf({ neighbours }: NodeState, world: Snapshot): readonly Message[] {
  const texts = neighbours
    .filter(({ state, address }) => state !== 'PERMANENT' && !address.startsWith('fe80:'))
    .flatMap(({ address, mac }) =>
      mac === undefined
        ? []
        : message('neighbour {address} is {owner}', {
            address,
            owner: ownerOf(mac, world, address),
          }),
    )
  return sorted(texts)
}

/**
 * Left out: entries of devices that have only sent their own IPv6 announcements (RFC 4861, RFC 3810), which come at any time. A
 * device counts once another node has an IPv4 neighbour with its MAC.
 */
function learnedOf({ forwarding }: NodeState, world: Snapshot): readonly Message[] {
  const talked = new Set(
    world.nodes.flatMap(({ neighbours }) =>
      neighbours.filter(({ family }) => family === 4).map(({ mac }) => mac),
    ),
  )
  const texts = forwarding
    .filter(({ learned, mac }) => learned && talked.has(mac))
    .map(({ mac, link, bridge }) =>
      message('{bridge} learned: {owner} is behind {port}', {
        bridge: bridge ?? link,
        owner: ownerOf(mac, world),
        port: link,
      }),
    )
  return sorted(texts)
}

function staticOf(node: NodeState, world: Snapshot): readonly Message[] {
  // A bridge has an entry for the MAC of each of its ports.
  const own = new Set(node.links.map(({ mac }) => mac))
  return [
    ...node.neighbours
      .filter(({ state, mac }) => state === 'PERMANENT' && mac !== undefined)
      .map(({ address, mac = '', link }) =>
        message('neighbour {address} is {owner}, permanent, on {link}', {
          address,
          owner: ownerOf(mac, world, address),
          link,
        }),
      ),
    ...node.forwarding
      .filter(({ learned, mac }) => !learned && !own.has(mac))
      .map(({ mac, link, destination }) =>
        verbatim(
          [
            `fdb ${ownerOf(mac, world)} dev ${link}`,
            ...(destination === undefined ? [] : [`dst ${destination}`]),
          ].join(' '),
        ),
      ),
  ]
}

/** Sorted by the texts: the kernel sorts by the MACs, which differ in each run. */
function sorted(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => (a.text < b.text ? -1 : 1))
}

/** The device with this MAC, if it is known: a bridge usually shares the MAC of one of its ports. */
function ownerOf(mac: string, { nodes }: Snapshot, address?: string): string {
  const owners = nodes.flatMap(({ name, links }) =>
    links.filter((link) => link.mac === mac).map((link) => ({ node: name, link })),
  )
  const best =
    owners.find(({ link }) => link.addresses.some((own) => own.address === address)) ??
    owners.find(({ link }) => link.master === undefined) ??
    owners[0]
  return best ? `${best.node}/${best.link.name}` : mac
}

function translatedOf({ connections }: NodeState): readonly Message[] {
  const texts = connections.flatMap((connection) => {
    const translation = translationOf(connection)
    if (translation === '') return []
    const { protocol, original } = connection
    return message('connection {protocol} {ends} ({translation})', {
      protocol,
      ends: between(original),
      translation,
    })
  })
  return sorted(texts)
}

/** Left out: client ports, which differ in each run, and translations that change only them. */
function translationOf({ original, reply }: Connection): string {
  const translations = [
    ...(reply.source === original.destination && reply.sourcePort === original.destinationPort
      ? []
      : [`DNAT to ${place(reply.source, reply.sourcePort)}`]),
    ...(reply.destination === original.source ? [] : [`SNAT to ${reply.destination}`]),
  ]
  return translations.join(', ')
}

function between({ source, destination, destinationPort }: Tuple): string {
  return `${source} -> ${place(destination, destinationPort)}`
}

function place(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

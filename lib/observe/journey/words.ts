// Puts hops into words, for every reader: short enough for a line, complete enough to be understood alone.
import { message, verbatim, type Message } from '../../language/message.ts'
import type {
  Addresses,
  BridgeHop,
  ConnectionHop,
  DeliveredHop,
  HopKind,
  HookHop,
  RouteHop,
  TunnelHop,
} from './journey.ts'

/** What stands in front: `route`, `POSTROUTING` …; and the sentences. */
export type HopWords = { readonly label: string; readonly lines: readonly Line[] }

export type Line = Message & {
  /** `change`: the packet is another one afterwards; `rule`: what somebody typed. */
  readonly tone: 'plain' | 'change' | 'rule' | 'aside'
}

export function sentWords({ by, what }: Extract<HopKind, { readonly kind: 'sent' }>): Message {
  if (by === 'program') return message('a program sends it')
  // The other packets have the names of their protocols.
  if (what === 'the packet of the tunnel')
    return message('the kernel sends it: the packet of the tunnel')
  return message('the kernel sends it: {what}', { what })
}

/** Nothing for a hook where nothing happened. */
export function wordsOf(hop: HopKind): HopWords | undefined {
  switch (hop.kind) {
    case 'sent':
      return labelled('sends', plain(sentWords(hop)))
    case 'route':
      return labelled('route', plain(routeWords(hop)), ...hop.policies.map(policyLine))
    case 'hook':
      return hookWords(hop)
    case 'connection':
      return labelled('conntrack', plain(connectionWords(hop)))
    case 'neighbour': {
      const { address, mac } = hop
      const words =
        mac === null
          ? message('who has {address}? nobody answers', { address })
          : message('who has {address}? {mac} answers', { address, mac })
      return labelled(address.includes(':') ? 'neighbour' : 'ARP', plain(words))
    }
    case 'leaves':
      return labelled('out', plain(verbatim(hop.interface)))
    case 'enters':
      return labelled('in', plain(verbatim(hop.interface)))
    case 'bridge':
      return labelled(hop.bridge, plain(bridgeWords(hop)))
    case 'tunnel':
      return labelled(hop.interface, plain(tunnelWords(hop)))
    case 'loop': {
      const nodes = [...hop.nodes, hop.nodes[0]].join(' → ')
      const words = message('in a circle, {times} times: {nodes}', { times: hop.times, nodes })
      return labelled('loop', plain(words))
    }
    case 'delivered':
      return labelled('arrives', plain(deliveredWords(hop)))
  }
  return undefined
}

export function written({
  source,
  destination,
  sourcePort,
  destinationPort,
  protocol,
}: Addresses): string {
  const isEcho = protocol === 'icmp'
  return `${end(source, isEcho ? undefined : sourcePort)} → ${end(destination, isEcho ? undefined : destinationPort)}`
}

function end(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function deliveredWords({ to, protocol: name, port }: DeliveredHop): Message {
  const values = { protocol: name.toUpperCase(), port: port ?? '?' }
  if (to === 'kernel') return message('the kernel itself answers this')
  if (to === 'asker') return message('the program that asked')
  return to === 'tunnel'
    ? message('the end of the tunnel, {protocol} port {port}', values)
    : message('for the program that listens on {protocol} port {port}', values)
}

function routeWords(hop: RouteHop): Message {
  const { decision, destination, type, via, interface: device, table } = hop
  if (decision === 'local' && (type === 'broadcast' || type === 'multicast'))
    return message('{address} is for many nodes, and this is one of them', { address: destination })
  if (decision === 'local' && type !== 'local')
    return message('{address} is taken for an address of its own', { address: destination })
  if (decision === 'local')
    return message('{address} is an address of its own', { address: destination })
  const name = device ?? '?'
  const next =
    via === null
      ? message('{address} is directly on {name}', { address: destination, name })
      : message('via {gateway} on {name}', { gateway: via, name })
  const way = table === null ? next : message('{way}, by the table {table}', { way: next, table })
  return decision === 'forward' ? message('not for itself, so it forwards: {way}', { way }) : way
}

function policyLine(text: string): Line {
  return toned('rule', verbatim(`ip rule ${text}`))
}

function hookWords({ hook, rules, before, after, bridged }: HookHop): HopWords | undefined {
  const lines = rules
    .filter(({ rule }) => rule !== 'policy accept')
    .map(({ chain, rule, verdict }): Line => {
      const decides = /drop|queue|stolen/.test(verdict) && !/drop|reject/i.test(rule)
      const where = rule.includes(chain) || rule.startsWith('policy') ? '' : `${chain}: `
      return toned('rule', verbatim(`${where}${rule}${decides ? ` (${verdict})` : ''}`))
    })
  // Without a rule, only a connection that was translated before changes a packet.
  const changes = after ? changesOf(before, after, lines.length === 0) : []
  const all = [...lines, ...changes.map((what) => toned('change', what))]
  // The first hook says so for all.
  if (bridged && hook === 'prerouting')
    all.unshift(plain(message('the bridge hands the frame to iptables, and forwards it itself')))
  return all.length === 0 ? undefined : { label: hook.toUpperCase(), lines: all }
}

/** `source 172.18.0.2 → 203.0.113.2` */
function changesOf(before: Addresses, after: Addresses, undone: boolean): readonly Message[] {
  const isEcho = before.protocol === 'icmp'
  const ends = (from: string, to: string, portFrom?: number, portTo?: number) => {
    if (from === to && portFrom === portTo) return undefined
    const ports = portFrom !== portTo && !isEcho
    return {
      from: end(from, ports ? portFrom : undefined),
      to: end(to, ports ? portTo : undefined),
    }
  }
  const source = ends(before.source, after.source, before.sourcePort, after.sourcePort)
  const destination = ends(
    before.destination,
    after.destination,
    before.destinationPort,
    after.destinationPort,
  )
  const changes = [
    ...(source ? [message('source {from} → {to}', source)] : []),
    ...(destination ? [message('destination {from} → {to}', destination)] : []),
  ]
  if (!undone) return changes
  return changes.map((change) =>
    message('{change} (translated back, as conntrack remembers)', { change }),
  )
}

function connectionWords({ entry, original, reply }: ConnectionHop): Message {
  if (entry === 'answer')
    return message('has an entry: the answer to {ends}', { ends: written(original) })
  return entry === 'made'
    ? message('new entry: answers will come as {ends}', { ends: written(reply) })
    : message('known: answers will come as {ends}', { ends: written(reply) })
}

function bridgeWords(hop: BridgeHop): Message {
  const { bridge, to, how, destinationMac: mac, ignoredBy, isOwnMac } = hop
  const isForMany = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
  if (how === 'up' && isForMany) return message('it is for many: the bridge hands it to the host')
  if (how === 'up')
    return isOwnMac
      ? message('the bridge hands it to the host: the MAC is its own')
      : message('the bridge hands it to the host: {bridge} takes {mac} for its own', {
          bridge,
          mac,
        })
  const ports = to.join(', ')
  if (how === 'known') return message('the bridge knows {mac} behind {port}', { mac, port: ports })
  const flooded = isForMany
    ? message('it is for many: it leaves by all other ports, {ports}', { ports })
    : message('{bridge} does not know {mac}: it floods all ports, {ports}', { bridge, mac, ports })
  if (ignoredBy.length === 0) return flooded
  return message('{flooded} (ignored by {nodes})', { flooded, nodes: ignoredBy.join(', ') })
}

function tunnelWords({ how, vni, packet }: TunnelHop): Message {
  return how === 'in'
    ? message('it goes into the tunnel, VNI {vni}: {ends}', { vni, ends: written(packet) })
    : message('it comes out of the tunnel, VNI {vni}', { vni })
}

function labelled(label: string, ...lines: readonly Line[]): HopWords {
  return { label, lines }
}

function plain(what: Message): Line {
  return toned('plain', what)
}

function toned(tone: Line['tone'], what: Message): Line {
  return { ...what, tone }
}

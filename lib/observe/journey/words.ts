// The words in which hops are told, for every reader: short enough for a line, complete enough to be understood alone.
import { message, verbatim, type Message } from '../../language/message.ts'
import type {
  Addresses,
  BridgeHop,
  ConnectionHop,
  DeliveredHop,
  Hop,
  HookHop,
  RouteHop,
} from './journey.ts'

/** What stands in front: `route`, `POSTROUTING` …; and the sentences. */
export type Told = { readonly label: string; readonly lines: readonly Line[] }

export type Line = Message & {
  /** `change`: the packet is another one afterwards; `rule`: what somebody typed. */
  readonly tone: 'plain' | 'change' | 'rule' | 'aside'
}

/** Nothing for a hook where nothing happened. */
export function wordsOf(hop: Hop): Told | undefined {
  switch (hop.kind) {
    case 'sent':
      return told(
        'sends',
        plain(message(hop.by === 'kernel' ? 'the kernel answers' : 'a program sends it')),
      )
    case 'route':
      return told('route', plain(routeWords(hop)))
    case 'hook':
      return hookWords(hop)
    case 'connection':
      return told('conntrack', plain(connectionWords(hop)))
    case 'neighbour': {
      const { address, mac } = hop
      const words =
        mac === null
          ? message('who has {address}? nobody answers', { address })
          : message('who has {address}? {mac} answers', { address, mac })
      return told(address.includes(':') ? 'neighbour' : 'ARP', plain(words))
    }
    case 'leaves':
      return told('out', plain(verbatim(hop.interface)))
    case 'enters':
      return told('in', plain(verbatim(hop.interface)))
    case 'bridge':
      return told(hop.bridge, plain(bridgeWords(hop)))
    case 'delivered':
      return told('arrives', plain(deliveredWords(hop)))
  }
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

function deliveredWords({ to, protocol, port }: DeliveredHop): Message {
  if (to === 'kernel') return message('the kernel itself answers this')
  if (to === 'asker') return message('the program that asked')
  return message('for whoever listens on {protocol} port {port}', {
    protocol: protocol.toUpperCase(),
    port: port ?? '?',
  })
}

function routeWords({ decision, destination, via, interface: device }: RouteHop): Message {
  if (decision === 'local')
    return message('{address} is an address of its own', { address: destination })
  const name = device ?? '?'
  const way =
    via === null
      ? message('{address} is directly on {name}', { address: destination, name })
      : message('via {gateway} on {name}', { gateway: via, name })
  return decision === 'forward' ? message('not for itself, so it forwards: {way}', { way }) : way
}

function hookWords({ hook, rules, before, after }: HookHop): Told | undefined {
  const label = hook.toUpperCase()
  const lines = rules
    .filter(({ rule }) => rule !== 'policy accept')
    .map(({ chain, rule, verdict }): Line => {
      const decides = /drop|queue|stolen/.test(verdict) && !/drop|reject/i.test(rule)
      const where = rule.includes(chain) || rule.startsWith('policy') ? '' : `${chain}: `
      return line('rule')(verbatim(`${where}${rule}${decides ? ` (${verdict})` : ''}`))
    })
  // Without a rule, only a connection that was translated before changes a packet.
  const changes = after ? changesOf(before, after, lines.length === 0) : []
  const changed = changes.map(line('change'))
  if (lines.length + changed.length === 0) return undefined
  return { label, lines: [...lines, ...changed] }
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
  return [
    ...(source
      ? [
          undone
            ? message('source {from} → {to} (turned back, as conntrack remembers)', source)
            : message('source {from} → {to}', source),
        ]
      : []),
    ...(destination
      ? [
          undone
            ? message(
                'destination {from} → {to} (turned back, as conntrack remembers)',
                destination,
              )
            : message('destination {from} → {to}', destination),
        ]
      : []),
  ]
}

function connectionWords({ entry, original, reply }: ConnectionHop): Message {
  if (entry === 'answer')
    return message('has an entry: the answer to {ends}', { ends: written(original) })
  return entry === 'made'
    ? message('new entry: answers will come as {ends}', { ends: written(reply) })
    : message('known: answers will come as {ends}', { ends: written(reply) })
}

function bridgeWords({ bridge, to, how, destinationMac: mac, ignoredBy }: BridgeHop): Message {
  if (how === 'up') return message('the bridge hands it to the host: the MAC is its own')
  if (how === 'known')
    return message('the bridge knows {mac} behind {port}', { mac, port: to.join() })
  const values = { bridge, mac, ports: to.join(', ') }
  return ignoredBy.length === 0
    ? message('{bridge} does not know {mac}: it floods all ports, {ports}', values)
    : message('{bridge} does not know {mac}: it floods all ports, {ports} ({nodes} ignores it)', {
        ...values,
        nodes: ignoredBy.join(', '),
      })
}

function told(label: string, ...lines: readonly Line[]): Told {
  return { label, lines }
}

function plain(what: Message): Line {
  return line('plain')(what)
}

function line(tone: Line['tone']) {
  return (what: Message): Line => ({ ...what, tone })
}

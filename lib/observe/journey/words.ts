// The words in which hops are told, for every reader: short enough for a line, complete enough to be understood alone.
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

export type Line = {
  readonly text: string
  /** `change`: the packet is another one afterwards; `rule`: what somebody typed. */
  readonly tone: 'plain' | 'change' | 'rule' | 'aside'
}

/** Nothing for a hook where nothing happened. */
export function wordsOf(hop: Hop): Told | undefined {
  switch (hop.kind) {
    case 'sent':
      return told('sends', plain(hop.by === 'kernel' ? 'the kernel answers' : 'a program sends it'))
    case 'route':
      return told('route', plain(routeWords(hop)))
    case 'hook':
      return hookWords(hop)
    case 'connection':
      return told('conntrack', ...connectionWords(hop))
    case 'neighbour': {
      const asks = `who has ${hop.address}? `
      const answer = hop.mac === null ? 'nobody answers' : `${hop.mac} answers`
      return told(hop.address.includes(':') ? 'neighbour' : 'ARP', plain(asks + answer))
    }
    case 'leaves':
      return told('out', plain(hop.interface))
    case 'enters':
      return told('in', plain(hop.interface))
    case 'bridge':
      return told(hop.bridge, ...bridgeWords(hop))
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

function deliveredWords({ to, protocol, port }: DeliveredHop): string {
  if (to === 'kernel') return 'the kernel itself answers this'
  if (to === 'asker') return 'the program that asked'
  return `for whoever listens on ${protocol.toUpperCase()} port ${port}`
}

function routeWords({ decision, destination, via, interface: name }: RouteHop): string {
  if (decision === 'local') return `${destination} is an address of its own`
  const forward = decision === 'forward' ? 'not for itself, so it forwards: ' : ''
  const next = via === null ? `${destination} is directly on ${name}` : `via ${via} on ${name}`
  return forward + next
}

function hookWords({ hook, rules, before, after }: HookHop): Told | undefined {
  const label = hook.toUpperCase()
  const lines = rules
    .filter(({ rule }) => rule !== 'policy accept')
    .map(({ chain, rule, verdict }): Line => {
      const decides = /drop|queue|stolen/.test(verdict) && !/drop|reject/i.test(rule)
      const where = rule.includes(chain) || rule.startsWith('policy') ? '' : `${chain}: `
      return { text: `${where}${rule}${decides ? ` (${verdict})` : ''}`, tone: 'rule' }
    })
  const changes = after ? changesOf(before, after) : []
  const turned = lines.length === 0 && changes.length > 0
  const how = turned ? ' (turned back, as conntrack remembers)' : ''
  const changed = changes.map((text): Line => ({ text: text + how, tone: 'change' }))
  if (lines.length + changed.length === 0) return undefined
  return { label, lines: [...lines, ...changed] }
}

/** `source 172.18.0.2 → 203.0.113.2` */
function changesOf(before: Addresses, after: Addresses): readonly string[] {
  const isEcho = before.protocol === 'icmp'
  const change = (name: string, from: string, to: string, portFrom?: number, portTo?: number) => {
    if (from === to && portFrom === portTo) return []
    const ports = portFrom !== portTo && !isEcho
    return [
      `${name} ${end(from, ports ? portFrom : undefined)} → ${end(to, ports ? portTo : undefined)}`,
    ]
  }
  return [
    ...change('source', before.source, after.source, before.sourcePort, after.sourcePort),
    ...change(
      'destination',
      before.destination,
      after.destination,
      before.destinationPort,
      after.destinationPort,
    ),
  ]
}

function connectionWords({ entry, original, reply }: ConnectionHop): readonly Line[] {
  if (entry === 'answer') {
    return [{ text: `has an entry: the answer to ${written(original)}`, tone: 'plain' }]
  }
  const known = entry === 'made' ? 'new entry: ' : 'known: '
  return [{ text: `${known}answers will come as ${written(reply)}`, tone: 'plain' }]
}

function bridgeWords({ bridge, to, how, destinationMac, ignoredBy }: BridgeHop): readonly Line[] {
  if (how === 'up')
    return [{ text: `the bridge hands it to the host: the MAC is its own`, tone: 'plain' }]
  if (how === 'known') {
    const text = `the bridge knows ${destinationMac} behind ${to.join()}`
    return [{ text, tone: 'plain' }]
  }
  const copies = `${bridge} does not know ${destinationMac}: it floods all ports, ${to.join(', ')}`
  const aside = ignoredBy.length === 0 ? '' : ` (${ignoredBy.join(', ')} ignores it)`
  return [{ text: copies + aside, tone: 'plain' }]
}

function told(label: string, ...lines: readonly Line[]): Told {
  return { label, lines }
}

function plain(text: string): Line {
  return { text, tone: 'plain' }
}

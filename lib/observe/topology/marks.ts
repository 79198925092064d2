// Lists the texts beside the devices of a node: routes, NAT, published ports, and ports on which programs listen.
import type { Translate } from '../../language/translate.ts'
import { routeText } from '../difference/routes.ts'
import type { Chain, FirewallRule, NftSet, NodeState } from '../../kernel/state/state.ts'

export type Mark = {
  readonly kind: 'publish' | 'translate' | 'forward' | 'route' | 'listen'
  readonly text: string
}

export function marksOf(node: NodeState): readonly Mark[] {
  const rules = node.chains.flatMap((chain) => chain.rules.map((rule) => ({ chain, rule })))
  const marks: readonly Mark[] = [
    ...rules.flatMap(({ chain, rule }) => marked('publish', published(chain, rule))),
    ...node.sets.flatMap((set) => marked('publish', publishedByMap(set))),
    ...rules.flatMap(({ chain, rule }) => marked('translate', translated(chain, rule, node.sets))),
    ...marked('forward', forwards(node)),
    ...marked('route', routes(node)),
    ...marked('listen', listens(node)),
  ]
  return marks.filter(
    (mark, index) =>
      marks.findIndex(({ kind, text }) => kind === mark.kind && text === mark.text) === index,
  )
}

function marked(kind: Mark['kind'], texts: readonly string[]): readonly Mark[] {
  return texts.map((text) => ({ kind, text }))
}

/** `tcp 80 to 172.18.0.2:80`: destination NAT, in the words of iptables or of nft. */
function published({ backend }: Chain, { text }: FirewallRule): readonly string[] {
  if (backend !== 'nft') {
    const to = after(text, '--to-destination')
    if (to === undefined) return []
    const address = after(text, '-d')
    const what = [after(text, '-p'), after(text, '--dport') ?? after(text, '--dports')]
    return [sentence([address, ...what], to)]
  }
  const [, to] = /\bdnat (?:ip6? )?to (\S+)/.exec(text) ?? []
  // Through a map: its elements are the published ports.
  if (to === undefined || /\bdnat .*\bmap\b/.test(text)) return []
  const [, protocol, port] = /\b(tcp|udp|sctp) dport (\S+)/.exec(text) ?? []
  return [sentence([after(text, 'daddr'), protocol, port], to)]
}

function sentence(what: readonly (string | undefined)[], to: string): string {
  return `${what.filter((word) => word !== undefined).join(' ') || 'all'} to ${to}`
}

/** Elements with the key `[address .] protocol . port`, and their destinations. */
function publishedByMap({ elements }: NftSet): readonly string[] {
  return elements.flatMap(({ key, data }) => {
    const [port, protocol, address] = key.toReversed()
    const [to, toPort] = data ?? []
    const isPort = protocol !== undefined && /^(tcp|udp|sctp)$/.test(protocol)
    if (!isPort || to === undefined) return []
    const place = to.includes(':') ? `[${to}]` : to
    return [
      sentence([address, protocol, port], toPort === undefined ? place : `${place}:${toPort}`),
    ]
  })
}

/** `MASQUERADE 172.18.0.0/24 at eth0`; SNAT to a given address has `as 203.0.113.2`. */
function translated(
  { backend }: Chain,
  { text }: FirewallRule,
  sets: readonly NftSet[],
): readonly string[] {
  const isIptables = backend !== 'nft'
  const how = isIptables ? after(text, '-j') : /\b(masquerade|snat)\b/.exec(text)?.[1]
  if (how === undefined || !/^(masquerade|snat)$/i.test(how)) return []
  const to = isIptables ? after(text, '--to-source') : /\bsnat (?:ip6? )?to (\S+)/.exec(text)?.[1]
  const source = isIptables ? after(text, '-s') : after(text, 'saddr')
  const out = isIptables ? after(text, '-o') : after(text, 'oifname')
  return elementsOf(source, sets).flatMap((from) =>
    outsOf(out, sets).map((at) =>
      [
        how.toUpperCase(),
        ...(from === undefined ? [] : [from]),
        ...(at === undefined ? [] : [at]),
        ...(to === undefined ? [] : ['as', to]),
      ].join(' '),
    ),
  )
}

/** A rule may name a set: each element has a mark of its own, and an empty set has none. */
function elementsOf(
  value: string | undefined,
  sets: readonly NftSet[],
): readonly (string | undefined)[] {
  if (!value?.startsWith('@')) return [value]
  const set = sets.find(({ name }) => `@${name}` === value)
  // Of a pair of interfaces, the last is the one by which the packet leaves.
  return [...new Set(set?.elements.map(({ key }) => key.at(-1)))]
}

/** `at eth0`, or `except at br0, br1`. */
function outsOf(out: string | undefined, sets: readonly NftSet[]): readonly (string | undefined)[] {
  if (out === undefined) return [undefined]
  if (!out.startsWith('not ')) return elementsOf(out, sets).map((link) => `at ${link}`)
  const links = elementsOf(out.slice('not '.length), sets)
  return [links.length === 0 ? undefined : `except at ${links.join(', ')}`]
}

/** The word after this one; `! -o br0` and `!= "eth0"` keep their negation. */
function after(text: string, word: string): string | undefined {
  const words = text.split(/\s+/)
  const index = words.indexOf(word)
  if (index < 0) return undefined
  const next = words[index + 1] === '!=' ? `not ${words[index + 2]}` : words[index + 1]
  return (words[index - 1] === '!' ? `not ${next}` : next)?.replaceAll('"', '')
}

function forwards({ sysctls }: NodeState): readonly string[] {
  const families = [
    ['ipv4', 'IPv4'],
    ['ipv6', 'IPv6'],
  ].filter(([family]) => sysctls[`net.${family}.conf.all.forwarding`] === '1')
  if (families.length === 0) return []
  return [`forwards ${families.map(([, name]) => name).join(' and ')}`]
}

/** Routes that somebody added; the others follow from the addresses. */
function routes(node: NodeState): readonly string[] {
  return node.routes
    .filter(({ protocol }) => protocol !== 'kernel')
    .map((route) => routeText(route))
}

function listens({ listeners }: NodeState): readonly string[] {
  return listeners.map(({ protocol, address, port }) =>
    address === '::' || address === '0.0.0.0'
      ? `serves ${protocol} ${port}`
      : `serves ${protocol} ${address} ${port}`,
  )
}

/** Translates a label of several words: names of nodes and devices are single words. */
export function labelInWords(label: string, translate: Translate): string {
  const [, verb, what = ''] = /^(serves|forwards) (.+)$/.exec(label) ?? []
  if (verb !== undefined)
    return translate(verb === 'serves' ? 'serves {what}' : 'forwards {what}', { what })
  const [, rule, not, link = ''] =
    /^((?:MASQUERADE|SNAT)(?: (?!at |except )\S+)?) (except )?at (\S+(?:, \S+)*)$/.exec(label) ?? []
  if (rule !== undefined)
    return translate(not ? '{rule} except at {link}' : '{rule} at {link}', { rule, link })
  const [, port, to = ''] = /^((?:[\d.]+ )?(?:tcp|udp|sctp) \S+) to (\S+)$/.exec(label) ?? []
  if (port !== undefined) return translate('{port} to {to}', { port, to })
  return label.includes(' ') ? translate(label) : label
}

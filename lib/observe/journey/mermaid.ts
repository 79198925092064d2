// Draws a journey as a Mermaid sequence diagram: a participant for each node, an arrow for each link, a note for what a node did.
import type { Conversation, Drop, Journey, Way } from './journey.ts'
import { wordsOf, written } from './words.ts'

export function journeyMermaid(journey: Journey): string {
  const { conversations, from, command, drop } = journey
  const ways = conversations.flatMap(({ request, answer }) =>
    answer ? [request, answer] : [request],
  )
  const nodes = [...new Set([from, ...ways.flatMap(({ hops }) => hops.map(({ node }) => node))])]
  const head = [
    'sequenceDiagram',
    ...nodes.map((node, index) => `  participant n${index} as ${text(node)}`),
    `  Note over ${id(nodes, from)}: ${text(command)}`,
  ]
  const body = conversations.flatMap((conversation) => conversationLines(conversation, nodes))
  const unsent = conversations.length === 0 && drop ? [dropLine(drop, nodes)] : []
  return `${[...head, ...body, ...unsent].join('\n')}\n`
}

function conversationLines(
  { request, answer, drop }: Conversation,
  nodes: readonly string[],
): readonly string[] {
  const shown = [request.drop, answer?.drop]
  return [
    ...wayLines(request, nodes),
    ...(answer ? wayLines(answer, nodes) : []),
    ...(drop && !shown.includes(drop) ? [dropLine(drop, nodes)] : []),
  ]
}

function wayLines(way: Way, nodes: readonly string[]): readonly string[] {
  const lines: string[] = []
  let now = way.packet
  for (const [index, hop] of way.hops.entries()) {
    if (hop.kind === 'hook' && hop.after) now = hop.after
    if (hop.kind === 'enters' || hop.kind === 'sent') continue
    if (hop.kind === 'leaves') {
      const next = way.hops.slice(index + 1).find(({ kind }) => kind === 'enters')
      const [from, to] = [id(nodes, hop.node), next ? id(nodes, next.node) : undefined]
      const label = text(`${way.what} ${written(now)}`)
      if (to === undefined) lines.push(`  ${from}-x${from}: ${label}`)
      else lines.push(`  ${from}->>${to}: ${label}`)
      continue
    }
    const words = wordsOf(hop)
    if (!words) continue
    const sentences = words.lines.map((line) => text(line.text)).join('<br/>')
    lines.push(`  Note over ${id(nodes, hop.node)}: ${text(words.label)}: ${sentences}`)
  }
  return way.drop ? [...lines, dropLine(way.drop, nodes)] : lines
}

function dropLine({ node, where, why }: Drop, nodes: readonly string[]): string {
  return `  Note over ${id(nodes, node)}: ✗ ${text(where)}: ${text(why.text)}`
}

function id(nodes: readonly string[], node: string): string {
  return `n${Math.max(0, nodes.indexOf(node))}`
}

/** Entity codes for what Mermaid takes as its own: a semicolon ends a statement, a hash begins a code. */
function text(words: string): string {
  return words.replaceAll(/[#;<>]/g, (mark) => codes[mark] ?? mark)
}

const codes: Readonly<Record<string, string>> = {
  '#': '#35;',
  ';': '#59;',
  '<': '#lt;',
  '>': '#gt;',
}

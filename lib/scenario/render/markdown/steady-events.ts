// Removes from the events of a run what differs between two runs of the same scenario, also between users and kernels.
import { message, textOf, verbatim, type Message } from '../../../language/message.ts'
import type { Change } from '../../../observe/difference/difference.ts'
import type { Conversation, Journey, Way } from '../../../observe/journey/journey.ts'
import type { Topology, TopologyNode } from '../../../observe/topology/topology.ts'
import type { CheckEnded, CheckStarted, ScenarioEvent } from '../../events.ts'
import { steadyText } from './steady-text.ts'

export function steadyEvents(events: readonly ScenarioEvent[]): readonly ScenarioEvent[] {
  const steady = steadyText()
  let asked: CheckStarted | undefined
  let shown = false
  const steadied = (event: ScenarioEvent): ScenarioEvent => {
    switch (event.type) {
      case 'part-started':
        return { ...event, line: event.line === null ? null : steady(event.line) }
      case 'command-started':
        shown = event.command === null
        return { ...event, line: steady(event.line) }
      case 'command-ended':
        // A page has the output of commands that only show something.
        return { ...event, stdout: shown ? inOrder(steady(event.stdout)) : '', stderr: '' }
      case 'check-started':
        asked = event
        return event
      case 'check-ended':
        return { ...event, observed: evidence(asked, event, steady), output: '' }
      case 'journey':
        return { ...event, journey: event.journey && steadyJourney(event.journey, steady) }
      case 'network-changed':
        return {
          ...event,
          changes: elementsInOrder(steadyValue(event.changes.filter(isOfStep), steady)),
          topology: steadyValue(withoutListeners(event.topology), steady),
        }
      default:
        return event
    }
  }
  return events.filter(isSteady).map(steadied)
}

/** The commands for runc depend on the machine's control groups. */
function isSteady(event: ScenarioEvent): boolean {
  return event.type !== 'part-started' || !event.title.startsWith('Mount control groups')
}

/** A container's program listens at a time of its own: in this step or in the next. */
function isOfStep({ node, text }: Change): boolean {
  return !isContainer(node) || !text.startsWith('listening socket')
}

/** What is in the order of its keys, of which some are random: elements of a set of nftables, and entries of a table of the kernel. */
const unordered = /^(?:\w+ \S+\/@\S+|fdb|neighbour) /

function elementsInOrder(changes: readonly Change[]): readonly Change[] {
  const setOf = ({ node, sign, text }: Change) => [node, sign, unordered.exec(text)?.[0]].join(' ')
  const sorted = [...changes]
  for (let from = 0, to = 1; to <= sorted.length; to += 1) {
    const [first, next] = [sorted[from], sorted[to]]
    if (first && next && setOf(first) === setOf(next)) continue
    if (first && unordered.test(first.text)) {
      const run = sorted.slice(from, to).toSorted((a, b) => (a.text < b.text ? -1 : 1))
      sorted.splice(from, run.length, ...run)
    }
    from = to
  }
  return sorted
}

function isContainer(node: string): boolean {
  return node.startsWith('nd-')
}

function withoutListeners({ nodes, ...topology }: Topology): Topology {
  const silent = ({ marks, ...node }: TopologyNode): TopologyNode => ({
    ...node,
    marks: marks.filter(({ kind }) => kind !== 'listen' || !isContainer(node.name)),
  })
  return { ...topology, nodes: nodes.map(silent) }
}

/** The kernel's hash tables have no fixed order, so the first line of a table may differ between runs. */
function evidence(
  asked: CheckStarted | undefined,
  { observed, output, holds }: CheckEnded,
  steady: (text: string) => string,
): Message {
  const { key = '', values = {} } = asked?.expected ?? {}
  // The number of packets is an answer of its own.
  if (asked && holds && key === 'no line with {pattern}' && !/ packets?\b/.test(observed.key))
    return steadyValue(asked.expected, steady)
  const [, wanted] = /^'(.*)'$/.exec(textOf(values.pattern ?? '')) ?? []
  if (key === 'a line with {pattern}' && wanted && asked?.line.startsWith('conntrack ')) {
    const lines = steady(output)
      .split('\n')
      .filter((line) => line.includes(wanted))
    return verbatim(lines.toSorted()[0] ?? '')
  }
  if (observed.key === '{address} answers, ttl {ttl}, {time} ms')
    return message('{address} answers, ttl {ttl}', steadyValue(observed.values, steady))
  return steadyValue(observed, steady)
}

function inOrder(table: string): string {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5} dev /.test(table)
    ? table.trimEnd().split('\n').toSorted().join('\n')
    : table
}

/** ARP requests depend on the age of neighbour entries, and the number of packets on how the data was cut. */
function steadyJourney(journey: Journey, steady: (text: string) => string): Journey {
  const way = (whole: Way): Way => ({
    ...whole,
    hops: whole.hops.filter((hop) => hop.kind !== 'neighbour' || hop.mac === null),
  })
  const steadied = (conversation: Conversation): Conversation => ({
    ...conversation,
    request: way(conversation.request),
    answer: conversation.answer && way(conversation.answer),
    more: 0,
  })
  const conversations = journey.conversations.map(steadied)
  return steadyValue({ ...journey, conversations, lost: [] }, steady)
}

/** Makes every text in the value steady, and the numbers of ports. */
function steadyValue<Value>(value: Value, steady: (text: string) => string): Value {
  const revive = (key: string, found: unknown): unknown => {
    if (typeof found === 'string') return steady(found)
    if (typeof found === 'number' && /port$/i.test(key))
      return Number(steady(`sport=${found}`).slice('sport='.length))
    return found
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and numbers numbers
  return JSON.parse(JSON.stringify(value), revive) as Value
}

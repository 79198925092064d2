// Joins the messages of a trace to passes: one packet's way through the hooks of one node, from its first to its last.
//
// A trace id changes between hooks, so a packet is recognised by its headers (see `key` in dissect.ts). The chains of ours at both
// ends of every hook tell that it came in and out again, also where nobody has a rule.
import type { IpPacket } from '../capture/packet.ts'
import { ownChain, traceTable, type Hook } from './trace-table.ts'
import type { TraceMessage } from './trace-message.ts'

/** One base chain, and all that it jumped to. */
export type Evaluation = {
  readonly family: TraceMessage['family']
  readonly table: string
  readonly chain: string
  readonly matched: TraceMessage[]
  policy: TraceMessage['verdict']
}

export type Visit = {
  readonly hook: Hook
  /** `nfmark`, as it was when the hook was left; 0 without one. */
  mark: number
  readonly before: IpPacket
  /** Null when it did not come out. */
  after: IpPacket | null
  readonly evaluations: Evaluation[]
}

export type Pass = {
  readonly node: string
  readonly key: string
  readonly visits: Visit[]
  /** Indexes of interfaces. */
  input: number | null
  output: number | null
}

export type Traced = { readonly node: string; readonly message: TraceMessage }

/** A chain below the IP layer: of the families bridge, arp and netdev. */
export type LowerEvaluation = Evaluation & {
  readonly node: string
  readonly key: string
  readonly input: number | null
  readonly output: number | null
}

/** In the order in which they began. */
export function readPasses(traced: readonly Traced[]): {
  readonly passes: readonly Pass[]
  readonly lower: readonly LowerEvaluation[]
} {
  const passes: Pass[] = []
  const lower: LowerEvaluation[] = []
  const newest = new Map<string, Pass>()
  const evaluations = new Map<string, Evaluation>()
  for (const { node, message } of traced) {
    const { packet, arp, table, family } = message
    const track = `${node} ${family} ${message.id}`
    const key = packet?.key ?? arp?.key
    if (isLower(family)) {
      if (key !== undefined) {
        const { iif = null, oif = null } = message
        const evaluation = { ...begun(message), node, key, input: iif, output: oif }
        evaluations.set(track, evaluation)
        lower.push(evaluation)
      }
    } else if (packet && table === traceTable) {
      evaluations.delete(track)
      const pass = own(node, message, packet, newest)
      if (pass && !passes.includes(pass)) passes.push(pass)
    } else if (packet) {
      const evaluation = begun(message)
      evaluations.set(track, evaluation)
      newest.get(`${node} ${packet.key}`)?.visits.at(-1)?.evaluations.push(evaluation)
    }
    if (table !== traceTable) add(evaluations.get(track), message)
  }
  return { passes, lower }
}

function isLower(family: TraceMessage['family']): boolean {
  return family === 'bridge' || family === 'arp' || family === 'netdev'
}

function own(
  node: string,
  { chain, iif, oif, mark = 0 }: TraceMessage,
  packet: IpPacket,
  newest: Map<string, Pass>,
): Pass | undefined {
  const { hook, end } = ownChain(chain)
  const place = `${node} ${packet.key}`
  const isNew = end === 'first' && (hook === 'prerouting' || hook === 'output')
  if (isNew) newest.set(place, { node, key: packet.key, visits: [], input: null, output: null })
  const pass = newest.get(place)
  if (!pass) return undefined
  if (hook === 'prerouting' || hook === 'input') pass.input = iif ?? pass.input
  if (hook !== 'prerouting' && hook !== 'input') pass.output = oif ?? pass.output
  const visit = pass.visits.at(-1)
  if (end === 'first')
    pass.visits.push({ hook, mark, before: packet, after: null, evaluations: [] })
  else if (visit?.hook === hook) {
    visit.after = packet
    visit.mark = mark
  }
  return pass
}

function begun({ family, table, chain }: TraceMessage): Evaluation {
  return { family, table, chain, matched: [], policy: undefined }
}

function add(evaluation: Evaluation | undefined, message: TraceMessage): void {
  // The end of a chain comes like a rule, without a handle.
  if (message.type === 'rule' && message.handle === undefined) return
  if (message.type === 'rule') evaluation?.matched.push(message)
  else if (evaluation && message.type === 'policy') evaluation.policy = message.verdict
}

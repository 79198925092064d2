// What the routing tables of a node say to the questions that a packet asked there, answered by `ip route get`.
import { run } from '../../exec/run.ts'
import type { ObservedNode } from '../nodes.ts'

export type RouteQuestion = {
  readonly node: string
  readonly destination: string
  /** Absent where a program has not said who it is. */
  readonly source?: string
  /** The interface that it came in by; absent for what the node itself sends. */
  readonly input?: string
  /** The interface that the program chose. */
  readonly output?: string
  readonly mark?: number
  readonly tos?: number
  readonly protocol?: 'tcp' | 'udp' | 'icmp'
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type RouteAnswer = {
  /** `'local'`: to the node itself. */
  readonly type: string
  readonly via?: string
  readonly device?: string
  readonly source?: string
  readonly mtu?: number
  /** Absent for `main`. */
  readonly table?: string
  /** What the kernel said instead: `Network is unreachable`. */
  readonly error?: string
}

export type RouteAnswers = ReadonlyMap<string, RouteAnswer>

export function answerTo(answers: RouteAnswers, question: RouteQuestion): RouteAnswer | undefined {
  return answers.get(keyOf(question))
}

/** All questions of a node in one process. */
export async function askRoutes(
  nodes: readonly ObservedNode[],
  questions: readonly RouteQuestion[],
): Promise<RouteAnswers> {
  const unique = [...new Map(questions.map((each) => [keyOf(each), each])).values()]
  const perNode = [...Map.groupBy(unique, ({ node }) => node)]
  const answered = await Promise.all(
    perNode.map(async ([name, asked]) => {
      const node = nodes.find((each) => each.name === name)
      return node ? askNode(node, asked) : []
    }),
  )
  return new Map(answered.flat())
}

async function askNode({ netns }: ObservedNode, questions: readonly RouteQuestion[]) {
  const input = `${questions.map(lineOf).join('\n')}\n`
  const args = ['-force', '-j', '-batch', '-']
  const { stdout, stderr } = await run('ip', args, { netns, input, allowFailure: true })
  const errors = failures(stderr)
  // Only those that were answered have a line of JSON, in order.
  const lines = stdout.split('\n').filter((line) => line.startsWith('[{'))
  return questions.map((question, index) => {
    const error = errors.get(index + 1)
    if (error !== undefined) return [keyOf(question), { type: 'error', error }] as const
    return [keyOf(question), answer(lines.shift())] as const
  })
}

/** `RTNETLINK answers: Network is unreachable` stands before `Command failed -:3`. */
function failures(stderr: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  let reason = ''
  for (const line of stderr.split('\n')) {
    const number = /^Command failed -:(\d+)/.exec(line)?.[1]
    if (number !== undefined) found.set(Number(number), reason)
    else if (line !== '') reason = line.replace(/^RTNETLINK answers: |^Error: /, '')
  }
  return found
}

function answer(line = ''): RouteAnswer {
  type Raw = {
    type?: string
    gateway?: string
    dev?: string
    prefsrc?: string
    table?: string
    metrics?: { mtu?: number }[]
    via?: { host?: string }
  }
  try {
    const [raw = {}]: Raw[] = JSON.parse(line)
    return {
      type: raw.type ?? 'unicast',
      ...(raw.gateway === undefined ? {} : { via: raw.gateway }),
      // Of the other family: RFC 5549.
      ...(raw.via?.host === undefined ? {} : { via: raw.via.host }),
      ...(raw.metrics?.[0]?.mtu === undefined ? {} : { mtu: raw.metrics[0].mtu }),
      ...(raw.table === undefined ? {} : { table: raw.table }),
      ...(raw.dev === undefined ? {} : { device: raw.dev }),
      ...(raw.prefsrc === undefined ? {} : { source: raw.prefsrc }),
    }
  } catch {
    return { type: 'error', error: 'no answer' }
  }
}

/** Addresses and names of interfaces come from the kernel: no word of them has a space. */
export function lineOf(question: RouteQuestion): string {
  const { destination, source, input, mark, tos, protocol } = question
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, value]
  const isV6 = destination.includes(':')
  return [
    'route get',
    destination,
    ...option('from', source),
    ...option('iif', input),
    ...option('oif', question.output),
    ...option('mark', mark),
    ...option('tos', tos),
    ...option('ipproto', protocol === 'icmp' && isV6 ? 'ipv6-icmp' : protocol),
    ...option('sport', question.sourcePort),
    ...option('dport', question.destinationPort),
  ].join(' ')
}

function keyOf(question: RouteQuestion): string {
  return `${question.node} ${lineOf(question)}`
}

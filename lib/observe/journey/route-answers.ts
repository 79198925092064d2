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
}

export type RouteAnswer = {
  /** `'local'`: to the node itself. */
  readonly type: string
  readonly via?: string
  readonly device?: string
  readonly source?: string
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
  type Raw = { type?: string; gateway?: string; dev?: string; prefsrc?: string }
  try {
    const [raw = {}]: Raw[] = JSON.parse(line)
    return {
      type: raw.type ?? 'unicast',
      ...(raw.gateway === undefined ? {} : { via: raw.gateway }),
      ...(raw.dev === undefined ? {} : { device: raw.dev }),
      ...(raw.prefsrc === undefined ? {} : { source: raw.prefsrc }),
    }
  } catch {
    return { type: 'error', error: 'no answer' }
  }
}

/** Addresses and names of interfaces come from the kernel: no word of them has a space. */
function lineOf({ destination, source, input }: RouteQuestion): string {
  const from = source === undefined ? '' : ` from ${source}`
  const iif = input === undefined ? '' : ` iif ${input}`
  return `route get ${destination}${from}${iif}`
}

function keyOf(question: RouteQuestion): string {
  return `${question.node} ${lineOf(question)}`
}

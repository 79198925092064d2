// Asks the routing tables of nodes the questions that a packet asked there, each once, and finds the answer to one.
import { loadLibc } from '../../kernel/netlink/libc.ts'
import { lookUpRoutes, type RouteQuery, type RouteReply } from '../../kernel/state/route-lookup.ts'
import type { ObservedNode } from '../nodes.ts'

export type RouteQuestion = RouteQuery & { readonly node: string }
export type RouteAnswer = RouteReply

export type RouteAnswers = ReadonlyMap<string, RouteAnswer>

export function answerTo(answers: RouteAnswers, question: RouteQuestion): RouteAnswer | undefined {
  return answers.get(keyOf(question))
}

export async function askRoutes(
  nodes: readonly ObservedNode[],
  questions: readonly RouteQuestion[],
): Promise<RouteAnswers> {
  const libc = await loadLibc()
  const answers = new Map<string, RouteAnswer>()
  for (const [name, asked] of Map.groupBy(questions, ({ node }) => node)) {
    const node = nodes.find((each) => each.name === name)
    // Without libc no packet was heard, and nothing is asked.
    const replies = libc && node ? lookUpRoutes(libc, node.netns, asked) : []
    for (const [index, reply] of replies.entries()) {
      const question = asked[index]
      if (question) answers.set(keyOf(question), reply)
    }
  }
  return answers
}

/** The question as it is typed. */
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

// A probe asks the kernel one question by running a real program; an expectation judges the answer. Neither knows the other.
import { message, type Message } from '../language/message.ts'
import type { LabNode } from './node.ts'

export type Observation = {
  /** `broken`: the question could not even be asked, so the answer is neither yes nor no. */
  readonly outcome: 'answered' | 'failed' | 'broken'
  /** One line. */
  readonly summary: Message
  /** All that was said. */
  readonly output: string
}

type Verdict = { readonly holds: boolean; readonly evidence: Message }

export type Wish =
  | { readonly what: 'answer' }
  | { readonly what: 'failure'; readonly reason: string }
  | { readonly what: 'line' | 'no-line'; readonly pattern: string | RegExp }

export type Expectation = {
  readonly expected: Message
  /** What it asks for, as data: the workshop asks a person the same. */
  readonly wants: Wish
  readonly judge: (observation: Observation) => Verdict
}

export type Wanted = {
  readonly holds: (observation: Observation) => boolean
  /** How many milliseconds to go on asking while the answer is not the wanted one. */
  readonly patience: number
}

export type Probe = {
  readonly node: LabNode
  /** The command as a person would type it on the node. */
  readonly line: string
  readonly observe: (wanted: Wanted) => Promise<Observation & { readonly attempts: number }>
}

const pause = 100

/** Asks again until the answer is the wanted one: links come up and bridges learn a little after the command returns. */
export async function repeatedly(wanted: Wanted, ask: () => Promise<Observation>) {
  const until = performance.now() + wanted.patience
  for (let attempts = 1; ; attempts += 1) {
    const observation = await ask()
    const settled = wanted.holds(observation) || observation.outcome === 'broken'
    if (settled || performance.now() > until) return { ...observation, attempts }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** Nothing came back within that time. */
export function silence(seconds: number): Message {
  return message('no answer within {seconds} s', { seconds })
}

export function isSilence({ summary }: Observation): boolean {
  return summary.key === silence(0).key
}

/** `ip netns exec` says this when the node is not there: the program asked for never ran. */
export function neverRan(stderr: string): boolean {
  return /^(Cannot open network namespace|exec of .* failed|bash: line \d+: .*command not found)/m.test(
    stderr,
  )
}

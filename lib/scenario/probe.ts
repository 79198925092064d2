// Defines probes, which ask the kernel one question with a real program, and expectations, which judge the answer.
import { message, type Message } from '../language/message.ts'
import type { LabNode } from './node.ts'

/** What the kernel answered to a probe. */
export type Observation = {
  /** `broken`: the question could not be asked, so there is neither a yes nor a no. */
  readonly outcome: 'answered' | 'failed' | 'broken'
  /** One line. */
  readonly summary: Message
  /** The whole output. */
  readonly output: string
}

/** Whether an observation satisfies an expectation, and by what evidence. */
export type Verdict = {
  /** Whether the expectation holds. */
  readonly holds: boolean
  /** What shows it. */
  readonly evidence: Message
}

/** What an expectation asks for, as data. */
export type Wish =
  | {
      /** What is expected. */
      readonly what: 'answer'
    }
  | {
      /** What is expected. */
      readonly what: 'failure'
      /** A part of the message of the failure. */
      readonly reason: string
    }
  | {
      /** What is expected. */
      readonly what: 'line' | 'no-line'
      /** What a line of the output must contain. */
      readonly pattern: string | RegExp
    }

/** What a check expects of the answer: `answers`, `fails`, `shows` and so on make one. */
export type Expectation = {
  /** The expectation in words. */
  readonly expected: Message
  /** The same as data: the workshop makes a question of it. */
  readonly wants: Wish
  /** Compares an observation with the expectation. */
  readonly judge: (observation: Observation) => Verdict
}

/** How long a probe is repeated, and until which answer. */
export type Wanted = {
  /** Whether it is as expected. */
  readonly holds: (observation: Observation) => boolean
  /** For how many milliseconds the probe is repeated until the answer holds. */
  readonly patience: number
}

/** A question to the kernel: `ping`, `curl`, `capture`, `output` and `log` make one. */
export type Probe = {
  /** The node on which it runs. */
  readonly node: LabNode
  /** The command as a person would type it on the node. */
  readonly line: string
  /** The probe that sends the packets which this one watches. */
  readonly during?: Probe
  /** Asks, and repeats the question until the answer holds. */
  readonly observe: (wanted: Wanted) => Promise<
    Observation & {
      /** How often it was tried. */
      readonly attempts: number
    }
  >
}

const pause = 100

/** Repeats the question until the answer holds: links come up and bridges learn a little after a command returns. */
export async function repeatedly(wanted: Wanted, ask: () => Promise<Observation>) {
  const until = performance.now() + wanted.patience
  for (let attempts = 1; ; attempts += 1) {
    const observation = await ask()
    const settled = wanted.holds(observation) || observation.outcome === 'broken'
    if (settled || performance.now() > until) return { ...observation, attempts }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** Observes that no answer came within that time. */
export function silence(seconds: number): Message {
  return message('no answer within {seconds} s', { seconds })
}

/** The same of several echo requests. */
export function noneAnswered(seconds: number, sent: number): Message {
  return message('no answer within {seconds} s: 0 of {sent} answered', { seconds, sent })
}

export function isSilence({ summary }: Observation): boolean {
  return summary.key === silence(0).key || summary.key === noneAnswered(0, 0).key
}

/** Whether `ip netns exec` or bash could not start the program, for example because the node does not exist. */
export function neverRan(stderr: string): boolean {
  return /^(Cannot open network namespace|exec of .* failed|bash: line \d+: .*command not found)/m.test(
    stderr,
  )
}

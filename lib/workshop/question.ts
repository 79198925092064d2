// Makes a question of a check. The command alone decides the question, so that it does not reveal the answer.
import { message, type Message } from '../language/message.ts'
import { oneLine } from '../language/translate.ts'
import type { AskedCheck } from '../scenario/guide.ts'
import type { Lesson } from '../scenario/scenario.ts'
import { isSilence, type Expectation, type Observation } from '../scenario/probe.ts'

export type Question = {
  readonly text: Message
  readonly options: readonly { readonly value: string; readonly label: Message }[]
  /** @returns the value of the right option; null if no option fits, so that no guess counts as wrong. */
  readonly truth: (observation: Observation) => string | null
}

/** @param servers the nodes with a web server: the learner also predicts which of them answers. */
export function questionOf(
  { probe, expectation, lesson }: Pick<AskedCheck, 'probe' | 'expectation' | 'lesson'>,
  servers: readonly string[],
): Question {
  if (probe.line.startsWith('ping ')) return pingQuestion()
  if (probe.line.startsWith('curl ')) return curlQuestion(servers)
  return yesOrNo(expectation, lesson?.question)
}

function pingQuestion(): Question {
  return among(message('What will ping say?'), {
    answer: message('an answer comes back'),
    silence: message('nothing: there is no answer'),
    unreachable: message('“Network is unreachable”: no route for this address'),
    'no-host': message('“No route to host”: refused on the way'),
  })
}

function curlQuestion(servers: readonly string[]): Question {
  const answers =
    servers.length > 1
      ? servers.map(
          (node) =>
            [`answer from ${node}`, message('the server on {node} answers', { node })] as const,
        )
      : [['answer', message('the server answers')] as const]
  return among(message('What will curl get?'), {
    ...Object.fromEntries(answers),
    refused: message('“Connection refused”: no program listens on that port'),
    silence: message('nothing: there is no answer'),
    unreachable: message('“Network is unreachable”: no route for this address'),
  })
}

function among(text: Message, options: Readonly<Record<string, Message>>): Question {
  return {
    text,
    options: Object.entries(options).map(([value, label]) => ({ value, label })),
    truth: (observation) => {
      const kind = kindOf(observation)
      const server = /^hello from ([^\s:]+)/m.exec(observation.output)?.[1]
      const from = `answer from ${server}`
      return [from, kind].find((value) => Object.hasOwn(options, value)) ?? null
    },
  }
}

function kindOf(observation: Observation): string {
  const { outcome, output } = observation
  if (outcome === 'answered') return 'answer'
  if (isSilence(observation)) return 'silence'
  // The kernel's words, as ping and curl print them: strerror(3).
  if (/Network is unreachable/.test(output)) return 'unreachable'
  if (/No route to host|Host Unreachable/.test(output)) return 'no-host'
  return /Connection refused/.test(output) ? 'refused' : 'another'
}

function yesOrNo({ wants, judge }: Expectation, asked: Lesson['question']): Question {
  const [yes, no] = [
    { value: 'yes', label: message(oneLine(asked?.shown ?? 'yes')) },
    { value: 'no', label: message(oneLine(asked?.other ?? 'no')) },
  ]
  // The expectation decides the question, and the output decides the answer.
  const text = asked
    ? message(oneLine(asked.text))
    : wants.what === 'line' || wants.what === 'no-line'
      ? message('Will it show “{text}”?', { text: readable(wants.pattern) })
      : message('Will it succeed?')
  return {
    text,
    options: [yes, no],
    truth: (observation) => {
      if (observation.outcome === 'broken') return null
      const { holds } = judge(observation)
      const happened =
        wants.what === 'line'
          ? holds
          : wants.what === 'no-line'
            ? !holds
            : observation.outcome === 'answered'
      return happened ? 'yes' : 'no'
    },
  }
}

/** A regular expression as readable text. */
export function readable(pattern: string | RegExp): string {
  if (typeof pattern === 'string') return pattern
  return pattern.source
    .replaceAll(/^\^|\$$/g, '')
    .replaceAll(' *', '')
    .replaceAll(' +', ' ')
    .replaceAll(/ ?\.\* ?/g, ' … ')
    .replaceAll('|', ' / ')
    .replaceAll(/\\([./])/g, '$1')
    .trim()
}

// Makes a question of a check. The command alone decides the question, so that it does not reveal the answer.
import type { Translate } from '../language/translate.ts'
import type { AskedCheck } from '../scenario/guide.ts'
import type { Lesson } from '../scenario/scenario.ts'
import { isSilence, type Expectation, type Observation } from '../scenario/probe.ts'

export type Question = {
  readonly text: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** @returns the value of the right option; null if no option fits, so that no guess counts as wrong. */
  readonly truth: (observation: Observation) => string | null
}

/** @param servers the nodes with a web server: the learner also predicts which of them answers. */
export function questionOf(
  { probe, expectation, lesson }: Pick<AskedCheck, 'probe' | 'expectation' | 'lesson'>,
  servers: readonly string[],
  translate: Translate,
): Question {
  if (probe.line.startsWith('ping ')) return pingQuestion(translate)
  if (probe.line.startsWith('curl ')) return curlQuestion(servers, translate)
  return yesOrNo(expectation, lesson?.question, translate)
}

function pingQuestion(translate: Translate): Question {
  return among(translate('What will ping say?'), {
    answer: translate('an answer comes back'),
    silence: translate('nothing: there is no answer'),
    unreachable: translate('“Network is unreachable”: no route for this address'),
    'no-host': translate('“No route to host”: refused on the way'),
  })
}

function curlQuestion(servers: readonly string[], translate: Translate): Question {
  const answers =
    servers.length > 1
      ? servers.map(
          (node) =>
            [`answer from ${node}`, translate('the server on {node} answers', { node })] as const,
        )
      : [['answer', translate('the server answers')] as const]
  return among(translate('What will curl get?'), {
    ...Object.fromEntries(answers),
    refused: translate('“Connection refused”: no program listens on that port'),
    silence: translate('nothing: there is no answer'),
    unreachable: translate('“Network is unreachable”: no route for this address'),
  })
}

function among(text: string, options: Readonly<Record<string, string>>): Question {
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

function yesOrNo(
  { wants, judge }: Expectation,
  asked: Lesson['question'],
  translate: Translate,
): Question {
  const [yes, no] = [
    { value: 'yes', label: translate(asked?.shown ?? 'yes') },
    { value: 'no', label: translate(asked?.other ?? 'no') },
  ]
  // The expectation decides the question, and the output decides the answer.
  const text = asked
    ? translate(asked.text)
    : wants.what === 'line' || wants.what === 'no-line'
      ? translate('Will it show “{text}”?', { text: readable(wants.pattern) })
      : translate('Will it succeed?')
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

// The texts of a run's events: those that stand in a catalogue as they are, and those that are put together from words and values.
import { oneLine } from '../../lib/language/translate.ts'
import { wordsOf } from '../../lib/observe/journey/words.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'

export function textsOf(event: ScenarioEvent): readonly string[] {
  switch (event.type) {
    case 'scenario-started':
      return [event.title, event.about].map(oneLine)
    case 'step-started':
      return [event.title, event.text].map(oneLine)
    case 'part-started':
      return [event.title]
    case 'check-started':
      return [event.statement]
    default:
      return []
  }
}

/** Not those of names, rules and settings alone, which are the same in every language. */
export function toldBy(event: ScenarioEvent): readonly string[] {
  switch (event.type) {
    case 'check-started':
      return [event.expected]
    case 'check-ended':
      return [event.observed].filter((text) => /^no (answer|packet|output)|answers, ttl/.test(text))
    case 'network-changed':
      return event.changes
        .concat(event.traffic)
        .map(({ text }) => text)
        .filter((text) => !isName(text))
    case 'journey':
      return (event.journey?.conversations ?? [])
        .flatMap(({ request, answer }) => request.hops.concat(answer?.hops ?? []))
        .flatMap((hop) => wordsOf(hop)?.lines ?? [])
        .filter(({ tone, text }) => tone !== 'rule' && text.includes(' '))
        .map(({ text }) => text)
    default:
      return []
  }
}

/** A rule of a chain, an element of a set, a setting, a state, a cable that is gone. */
function isName(text: string): boolean {
  return /^(inet|ip|ip6) \w+\/|^nat\/\w+ #\d+ -|^net\.|^\S+ \w+ -> \w+$|^veth \S+$/.test(text)
}

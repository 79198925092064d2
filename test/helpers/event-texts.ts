// Lists the texts of a run's events that a catalogue must have: sentences of the scenarios, and the keys of messages.
import type { Message } from '../../lib/language/message.ts'
import { oneLine } from '../../lib/language/translate.ts'
import { wordsOf } from '../../lib/observe/journey/words.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'

/** The sentences of the scenario itself. */
export function sentencesOf(event: ScenarioEvent): readonly string[] {
  switch (event.type) {
    case 'scenario-started':
      return [
        event.title,
        event.about,
        ...(event.ending?.learnt ?? []),
        ...(event.ending?.engine ?? []),
      ].map(oneLine)
    case 'step-started':
      return [event.title, event.text].map(oneLine)
    case 'part-started':
      return [event.title]
    case 'check-started':
      return [
        event.statement,
        ...(event.lesson === null ? [] : [event.lesson.why]),
        ...Object.values(event.lesson?.question ?? {}),
      ].filter((text) => /\p{L}/u.test(text) && text !== 'yes' && text !== 'no')
    default:
      return []
  }
}

/** Messages, which have values. */
export function messageKeysOf(event: ScenarioEvent): readonly string[] {
  return messagesOf(event).flatMap(keysOf)
}

/** The message's key and those of the messages in it; a key without words needs no translation. */
function keysOf({ key, values }: Message): readonly string[] {
  const inner = Object.values(values).flatMap((value) =>
    typeof value === 'object' ? keysOf(value) : [],
  )
  return /\p{L}/u.test(key.replaceAll(/\{\w+\}/g, '')) ? [key, ...inner] : inner
}

function messagesOf(event: ScenarioEvent): readonly Message[] {
  switch (event.type) {
    case 'check-started':
      // The kernel's own error texts are not translated.
      return event.expected.key === 'failure: {reason}' ? [] : [event.expected]
    case 'check-ended':
      return [event.observed]
    case 'network-changed':
      return [...event.changes, ...event.traffic]
    case 'journey':
      return (event.journey?.conversations ?? []).flatMap(({ request, answer, drop }) => {
        const hops = request.hops.concat(answer?.hops ?? [])
        const lines: readonly Message[] = hops.flatMap((hop) => wordsOf(hop)?.lines ?? [])
        return drop ? lines.concat(drop.why) : lines
      })
    default:
      return []
  }
}

// A text of ours by its name, in the reader's language.
import { oneLine, type Translate } from '../language/translate.ts'
import { texts, type TextName } from './texts.ts'

export type Say = (name: TextName, values?: Readonly<Record<string, string | number>>) => string

export function sayer(translate: Translate): Say {
  return (name, values) => translate(oneLine(texts[name]), values)
}

/** What a probe observed; the words of programs and of the kernel stay as they are. */
export function observed(say: Say, summary: string): string {
  const silence = /^no answer within ([\d.]+) s$/.exec(summary)
  if (silence) return say('noAnswer', { seconds: silence[1] ?? '' })
  const answer = /^(\S+) answers, ttl (\d+), ([\d.]+) ms$/.exec(summary)
  if (answer) {
    const [, address = '', ttl = '', milliseconds = ''] = answer
    return say('hasAnswered', { address, ttl, milliseconds })
  }
  if (summary === 'the connection broke') return say('connectionBroke')
  if (summary === 'no output') return say('noOutput')
  return summary
}

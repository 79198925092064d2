// A text of ours by its name, in the reader's language.
import { oneLine, type Translate } from '../language/translate.ts'
import { texts, type TextName } from './texts.ts'

export type Say = (name: TextName, values?: Readonly<Record<string, string | number>>) => string

export function sayer(translate: Translate): Say {
  return (name, values) => translate(oneLine(texts[name]), values)
}

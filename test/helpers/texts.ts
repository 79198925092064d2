// Finds the texts in a source file that a catalogue must have: what it translates, and what it makes messages of.
import { oneLine } from '../../lib/language/translate.ts'

// A template with values is none of ours, and its end is no beginning.
const literal = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(?<=[\s(,:=?[{])`((?:[^`\\$]|\\.)*)`/
  .source

/** The literals of `translate('…')` and `message('…', { … })`, also both of `translate(x ? '…' : '…')`. */
export function textsIn(source: string): readonly string[] {
  const call = /\b(?:translate|message)\(\s*/.source
  // What is missing of a goal: the node stands first.
  const missing = /\b(?:notYet|mistake)\(\s*[\w.]+,\s*/.source
  const choice = `(?:[^()'"\`]*\\?\\s*(?:${literal})\\s*:\\s*)?`
  return textsOf(source, `(?:${call}|${missing})${choice}(?:${literal})`)
}

/** All strings of a source file, as the keys of a catalogue are written. */
export function literalsIn(source: string): readonly string[] {
  // An apostrophe in a comment begins no string. One in a template may seem to: what is translated is found by its call.
  return textsOf(source, String.raw`^\s*(?://|\*|/\*).*$|${literal}`).concat(textsIn(source))
}

function textsOf(source: string, pattern: string): readonly string[] {
  return [...source.matchAll(new RegExp(pattern, 'gm'))]
    .flatMap(([, ...found]) => found)
    .flatMap((text) => (text === undefined ? [] : [oneLine(text.replaceAll(/\\(.)/g, '$1'))]))
}

/** The names of the values in a text, in alphabetical order. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()
}

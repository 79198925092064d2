// Finds the texts in a source file that a catalogue must have: arguments of `translate` and of `message`.
import { oneLine } from '../../lib/language/translate.ts'

// A template with values is not a text for the catalogue, and its last quote does not start a string.
const literal = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(?<=[\s(,:=?[{])`((?:[^`\\$]|\\.)*)`/
  .source

/** The literals of `translate('…')` and `message('…', { … })`, also both of `translate(x ? '…' : '…')`. */
export function textsIn(source: string): readonly string[] {
  const call = /\b(?:translate|message)\(\s*/.source
  // A missing part of a goal, after the name of the node.
  const missing = /\b(?:notYet|mistake)\(\s*[\w.]+,\s*/.source
  const choice = `(?:[^()'"\`]*\\?\\s*(?:${literal})\\s*:\\s*)?`
  return textsOf(source, `(?:${call}|${missing})${choice}(?:${literal})`)
}

/** All strings of a source file, as the keys of a catalogue are written. */
export function literalsIn(source: string): readonly string[] {
  // An apostrophe in a comment does not start a string. One in a template may seem to, but translated texts are found by their call.
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

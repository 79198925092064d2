// The texts in a source file: what it hands to a translator, and what it puts together for one to recognise.
import { oneLine } from '../../lib/language/translate.ts'

/** The literals of `translate('…')` and `this.#translate('…', { … })`. */
export function saidIn(source: string): readonly string[] {
  return literals(source, /\btranslate\(\s*/).map(oneLine)
}

/** The sentences of `why: '…'` and `why = …`, with a value of no meaning wherever one will stand. */
export function reasonsIn(source: string): readonly string[] {
  return (
    literals(source, /\bwhy(?::| =)\s*(?:\w+(?:\.\w+)?(?: === undefined)?\s*\?\s*)?/)
      .concat(literals(source, /\bwhy =[^;\n]*\n?[^;]*?\n\s*: /))
      // What may follow and may not is left out.
      .map((text) => text.replace(/(?<=[a-z])\$\{\w+\}$/, ''))
      .map((text) => text.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, 'x1'))
  )
}

/** The names of the values in a text, in alphabetical order. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()
}

function literals(source: string, before: RegExp): readonly string[] {
  const literal = /(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/
  return [...source.matchAll(new RegExp(before.source + literal.source, 'g'))].map((found) =>
    (found[1] ?? found[2] ?? found[3] ?? '').replaceAll(/\\(.)/g, '$1'),
  )
}

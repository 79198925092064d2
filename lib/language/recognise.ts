// Texts that come with their values in, as what a kernel answered: found by the words around the values, which may themselves be texts.
import type { Catalogue } from './catalogue.ts'

type Form = {
  readonly words: number
  readonly pattern: RegExp
  readonly names: readonly string[]
  readonly text: string
}

/** @returns the text in the other language, or undefined where no key fits: the one with the most words of its own decides. */
export function recogniser(catalogue: Catalogue): (english: string) => string | undefined {
  let forms: readonly Form[] | undefined
  const recognise = (english: string): string | undefined => {
    // Most runs never need them.
    forms ??= formsOf(catalogue)
    for (const { pattern, names, text } of forms) {
      const found = pattern.exec(english)
      if (!found) continue
      // `veth veth0 (up, peer ns1/veth1)` is no `{state}, peer {peer}`: a value does not begin within parentheses and end outside.
      if (!found.slice(1).every(isWhole)) continue
      const values = new Map(names.map((name, index) => [name, found[index + 1] ?? '']))
      return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => {
        const value = values.get(name)
        if (value === undefined) return all
        return Object.hasOwn(catalogue, value)
          ? String(catalogue[value])
          : (recognise(value) ?? value)
      })
    }
    return undefined
  }
  return recognise
}

function isWhole(value: string): boolean {
  return value.split('(').length === value.split(')').length
}

function formsOf(catalogue: Catalogue): readonly Form[] {
  const forms = Object.entries(catalogue).flatMap(([key, text]): readonly Form[] => {
    const [first = '', ...pieces] = key.split(/\{(\w+)\}/)
    if (pieces.length === 0) return []
    const names = pieces.filter((_, index) => index % 2 === 0)
    const between = pieces.filter((_, index) => index % 2 === 1)
    const source = [first, ...between].map((piece) => RegExp.escape(piece)).join('(.+?)')
    const words = [first, ...between].join('').length
    // A form of values alone would fit everything.
    return words === 0 ? [] : [{ words, names, text, pattern: new RegExp(`^${source}$`, 's') }]
  })
  return forms.toSorted((a, b) => b.words - a.words)
}

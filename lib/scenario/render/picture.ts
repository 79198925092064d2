// Reads a picture made of characters, its lines and labels, and translates labels without moving what stands beside them.
import { displayWidth } from '../../language/wrap.ts'
import type { Translate } from '../../language/translate.ts'

/** The labels of a picture: words with single spaces between them. */
export const pictureLabels = /[\p{L}\p{N}./:_@-]+(?: [\p{L}\p{N}./:_@-]+)*/gu

/** Translates the labels of a line, and keeps the columns of what follows them. */
export function inLanguage(line: string, translate: Translate): string {
  const labels = new RegExp(`(${pictureLabels.source})( *)`, 'gu')
  return line.replace(labels, (all: string, label: string, after: string) => {
    const text = labelInWords(label, translate)
    if (text === label) return all
    const spaces = displayWidth(all) - displayWidth(text)
    return text + ' '.repeat(Math.max(spaces, Math.min(after.length, 1)))
  })
}

/** Translates a label of several words: names of nodes and devices are single words. */
export function labelInWords(label: string, translate: Translate): string {
  const [, verb, what = ''] = /^(serves|forwards) (.+)$/.exec(label) ?? []
  if (verb !== undefined)
    return translate(verb === 'serves' ? 'serves {what}' : 'forwards {what}', { what })
  const [, rule, not, link = ''] =
    /^((?:MASQUERADE|SNAT) \S+) (except )?at (\S+)$/.exec(label) ?? []
  if (rule !== undefined)
    return translate(not ? '{rule} except at {link}' : '{rule} at {link}', { rule, link })
  const [, port, to = ''] = /^((?:[\d.]+ )?(?:tcp|udp|sctp) \S+) to (\S+)$/.exec(label) ?? []
  if (port !== undefined) return translate('{port} to {to}', { port, to })
  return label.includes(' ') ? translate(label) : label
}

/** Puts words into a list with the commas of the language. */
export function listed(words: readonly string[], translate: Translate): string {
  const [first = '', ...others] = words
  return others.reduce((one, other) => translate('{one}, {other}', { one, other }), first)
}

export function linesOf(picture: string): readonly string[] {
  return picture.replace(/^\n/, '').trimEnd().split('\n')
}

export function widthOf(picture: string): number {
  return Math.max(...linesOf(picture).map(displayWidth)) + 2
}

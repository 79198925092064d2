// An error as it goes to a terminal: bounded, and without a character of somebody's input that the terminal would obey.
import type { NetdojoError } from '../errors.ts'

const longestLine = 1000

export function errorParagraph({ message, advice }: NetdojoError): string {
  return paragraph(`netdojo: ${message}.`, ...advice)
}

/** The text as one line, then a line for each advice. */
export function paragraph(text: string, ...advice: readonly string[]): string {
  const lines = [text, ...advice.map((line) => `  - ${line}`)].map((line) =>
    line.replaceAll(/\s*\n\s*/g, ' '),
  )
  return `${lines.map(harmless).join('\n')}\n`
}

function harmless(line: string): string {
  const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
  // Control characters, and those that turn the direction of writing (Cf), or halves of a character (Cs).
  return shown.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

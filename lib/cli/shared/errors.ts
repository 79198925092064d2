// How a command ends otherwise than well: which exit code an error means, and how to end with a code of one's own.
import { quote } from '../../address/quote.ts'
import { type ErrorCode, NetdojoError } from '../../errors.ts'

export class Ending extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`ends with ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** Ends the command with this exit code; whatever it has to say has been said. */
export function endWith(exitCode: number): never {
  throw new Ending(exitCode)
}

/** What is written wrongly is wrong usage; the lab itself is broken where it lacks a right or a tool; the rest was refused. */
export function exitCodeOf({ code }: NetdojoError): number {
  if (code === 'usage' || code === 'option-unknown' || /-(malformed|host-bits)$/.test(code))
    return exitCodes.usage
  return labCodes.has(code) ? exitCodes.labBroken : exitCodes.checkFailed
}

const labCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not-permitted',
  'program-missing',
  'kernel-feature-missing',
  'sandbox-refused',
  'sandbox-failed',
])

export const exitCodes = {
  held: 0,
  checkFailed: 1,
  usage: 2,
  labBroken: 3,
  interrupted: 130,
  readerGone: 141,
} as const

export function usageError(
  operation: string,
  word: string,
  reason: string,
  ...advice: readonly string[]
): NetdojoError {
  return new NetdojoError({ code: 'usage', operation, object: quote(word), reason, advice })
}

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

// Turns errors into exit codes and into paragraphs that are safe to print on a terminal.
import { quote } from '../../address/quote.ts'
import { NetdojoError, type ErrorCode, type LabErrorCode } from '../../errors.ts'

/** The exit codes of every program of netdojo. A failed check, wrong usage and a lab that cannot run have different codes. */
export const exitCodes = {
  held: 0,
  checkFailed: 1,
  usage: 2,
  labBroken: 3,
  interrupted: 130,
  readerGone: 141,
} as const

/** Ends a command with an exit code after everything has been printed. */
export class Ending extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`ends with ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** Ends the command with this exit code. The caller has already printed everything. */
export function endWith(exitCode: number): never {
  throw new Ending(exitCode)
}

/** Malformed input is wrong usage; a missing privilege or tool means that the lab cannot run; every other error is a refusal. */
export function exitCodeOf({ code }: NetdojoError): number {
  if (code === 'usage' || code === 'option-unknown' || /-(malformed|host-bits)$/.test(code))
    return exitCodes.usage
  return labCodes.has(code) ? exitCodes.labBroken : exitCodes.checkFailed
}

const labCodes: ReadonlySet<string> = new Set<ErrorCode | LabErrorCode>([
  'not-permitted',
  'program-missing',
  'kernel-feature-missing',
  'sandbox-refused',
  'sandbox-failed',
])

/** The error for a command line that netdojo cannot accept. @param reason the rule with "must", and the value that was given. */
export function usageError(reason: string, ...advice: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'read',
    object: 'the command line',
    reason,
    advice,
  })
}

/** A word of the command line in single quotes, bounded and printable. */
export function quoted(word: string): string {
  return `'${quote(word).slice(1, -1).replaceAll('\\"', '"')}'`
}

/** The reason of a failed system call: `ENOENT: no such file or directory, open '/nonesuch'` -> `no such file or directory`. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return /^[A-Z]+: (.*?), \w+/.exec(text)?.[1] ?? text
}

/** The installed package leaves out what only one feature loads: scripts/build.ts. @returns undefined for any other error. */
export function missingPackage(error: unknown): NetdojoError | undefined {
  const isMissing =
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  // Node prints the path of a package's file if its directory exists without the file.
  const [, name] =
    (isMissing &&
      /^Cannot find package '(?:[^']*\/node_modules\/)?((?:@[^/']+\/)?[^/']+)/.exec(
        error.message,
      )) ||
    []
  if (name === undefined) return undefined
  return new NetdojoError({
    code: 'program-missing',
    operation: 'load',
    object: `the package ${name}`,
    reason: 'this command needs it, and it is not installed',
    advice: [`npm install ${name}`],
    cause: error,
  })
}

const longestLine = 1000

/** @param more advice after the error's own */
export function errorParagraph(
  { message, advice }: NetdojoError,
  ...more: readonly string[]
): string {
  return paragraph(`netdojo: ${message}.`, ...advice, ...more)
}

/** The text as one line, then one line for each advice. */
function paragraph(text: string, ...advice: readonly string[]): string {
  const lines = [text, ...advice.map((line) => `  - ${line}`)].map((line) =>
    line.replaceAll(/\s*\n\s*/g, ' '),
  )
  return `${lines.map(printable).join('\n')}\n`
}

/** Bounds the line, and escapes every control character for a terminal, because the text may contain a user's input. */
function printable(line: string): string {
  const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
  // Control characters, characters that change the direction of writing (Cf), halves of a character (Cs), line separators.
  return shown.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

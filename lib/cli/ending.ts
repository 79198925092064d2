// How a command ends otherwise than well: which exit code an error means, and how to end with a code of one's own.
import type { ErrorCode, NetdojoError } from '../errors.ts'
import { exitCodes } from './exit-codes.ts'

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

// How a command ends otherwise than well: which exit code an error means, and how to end with a code of one's own.
import { CommanderError } from 'commander'
import type { ErrorCode, NetdojoError } from '../errors.ts'
import { exitCodes } from './exit-codes.ts'

const own = 'netdojo.end'

/** Ends the command with this exit code; whatever it has to say has been said. */
export function endWith(exitCode: number): never {
  throw new CommanderError(exitCode, own, '')
}

export function endingCode({ code, exitCode }: CommanderError): number {
  if (code === own || exitCode === 0) return exitCode
  return exitCodes.usage
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

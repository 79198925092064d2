// Starts a program for the other files of this folder. This file alone imports node:child_process in lib.
//
// execa is the project's way to run a program (run.ts), but its 111 modules take 75 to 110 ms to load, also with Node's compile
// cache. node:child_process takes 3 ms, and Node itself starts in 47 ms. So the programs of scenarios, journeys and changes of a
// network are started here: these whole commands take 150 to 600 ms. For each program, execa adds 0.5 to 1.5 ms.
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { constants } from 'node:os'
import { getSystemErrorMessage } from 'node:util'
import { NetdojoError } from '../errors.ts'
import { programPath, searchPath } from './search-path.ts'

export type SpawnOptions = {
  readonly stdio: StdioOptions
  /** Added to our own environment, whose PATH is extended. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** In a session of its own. */
  readonly detached?: boolean
}

export type { ChildProcess, spawn, StdioOptions } from 'node:child_process'

export function startProgram(
  program: string,
  args: readonly string[],
  { stdio, env, detached = false }: SpawnOptions,
): ChildProcess {
  // Loaded for the first program: 5 ms, which a change by netlink alone does not pay.
  const { spawn } = process.getBuiltinModule('node:child_process')
  // A PATH in `env` decides where the program is found.
  return spawn(env?.PATH === undefined ? programPath(program) : program, args, {
    stdio,
    detached,
    env: { ...process.env, PATH: searchPath(), ...env },
  })
}

/**
 * The exit code of a program when it has ended and its output is read: 128 and the signal's number, if a signal ended it.
 * @throws NetdojoError `program-missing`, or `program-failed` when it cannot start
 */
export function exitCodeOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(program, error)))
    child.once('close', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    )
  })
}

function notStarted(program: string, error: Error): NetdojoError {
  if (isMissing(program, error)) return programMissing(program)
  return new NetdojoError({
    code: 'program-failed',
    operation: 'start',
    object: program,
    reason:
      'errno' in error && typeof error.errno === 'number'
        ? getSystemErrorMessage(error.errno)
        : error.message,
    cause: error,
  })
}

/** A directory of the PATH that this user may not search makes a program that is nowhere end in EACCES: execvp(3). */
export function isMissing(program: string, error: object | undefined): boolean {
  const code = error && 'code' in error ? error.code : undefined
  return (
    code === 'ENOENT' ||
    (code === 'EACCES' && programPath(program) === program && !program.includes('/'))
  )
}

export function programMissing(program: string): NetdojoError {
  return new NetdojoError({
    code: 'program-missing',
    operation: 'run',
    object: program,
    reason: 'the program is not installed',
    advice: ['sh scripts/setup.sh installs what is missing, or prints the command that does'],
  })
}

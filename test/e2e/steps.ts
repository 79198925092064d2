// Runs the steps of the end-to-end test: each is timed and prints what it saw; the first failure ends the test.
import { join } from 'node:path'
import { NetdojoError } from '../../lib/errors.ts'
import { run, type ProgramResult } from '../../lib/exec/run.ts'
import { shellQuote } from '../../lib/exec/shell-quote.ts'
import { sshConfig } from '../../lib/sandbox/vm/machine.ts'
import { spawnSync } from 'node:child_process'

const start = join(import.meta.dirname, '../../lib/cli/start.js')

type Done = {
  readonly name: string
  readonly seconds: number
  readonly seen: string
  readonly ok: boolean
}

const done: Done[] = []

/** The step has already printed its error. */
export class StepFailed extends Error {}

export async function step(name: string, body: () => Promise<string>): Promise<void> {
  const started = performance.now()
  const finish = (seen: string, ok: boolean) => {
    const seconds = (performance.now() - started) / 1000
    done.push({ name, seconds, seen, ok })
    console.log(
      `${ok ? '✓' : '✗'} ${name}  ${seconds.toFixed(1)} s\n    ${seen.replaceAll('\n', '\n    ')}`,
    )
  }
  try {
    finish(await body(), true)
  } catch (error) {
    finish(error instanceof NetdojoError ? error.toText() : String(error), false)
    throw new StepFailed(name, { cause: error })
  }
}

/** The width of the longest name. */
const width = 75

/** Prints all steps as one table. @returns the exit code. */
export function table(): number {
  console.log(`\n${'end to end'.padEnd(width + 2)} ${'seconds'.padStart(8)}`)
  for (const { name, seconds, ok } of done)
    console.log(`${ok ? '✓' : '✗'} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(8)}`)
  const failed = done.filter(({ ok }) => !ok).length
  console.log(`\n${done.length - failed} passed, ${failed} failed`)
  return failed === 0 && done.length > 0 ? 0 : 1
}

/** `npm run PROGRAM -- ARGS` on this machine. */
export function program(...args: readonly string[]): Promise<ProgramResult> {
  return run(process.execPath, [start, ...args], { allowFailure: true })
}

/** Runs a line in a shell of the virtual machine, as its root. @throws NetdojoError when it fails */
export async function there(line: string): Promise<string> {
  const command = `sudo env PATH=/netdojo/lib/sandbox/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c ${shellQuote(line)}`
  return (await run('ssh', ['-F', sshConfig, '-q', 'default', command])).stdout
}

export async function rebuild(): Promise<void> {
  const { status } = spawnSync(process.execPath, [start, 'vm', 'up'], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`npm run vm -- up ended with ${status}`)
}

export function expect(seen: string, expected: RegExp): string {
  if (!expected.test(seen)) throw new Error(`expected ${expected}, saw:\n${seen}`)
  return seen
}

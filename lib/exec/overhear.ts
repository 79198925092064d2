// Runs a program on our own terminal and keeps what it says on its standard error, which is still seen there.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { startedByUs } from './orphans.ts'
import { programMissing } from './program.ts'
import { searchPath } from './search-path.ts'

export type Overheard = { readonly exitCode: number; readonly stderr: string }

export type OverhearOptions = {
  /** Its standard output goes to our standard error: ours is for something else. */
  readonly outputAside?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** Ctrl-C is for the program: we wait for its end. @throws NetdojoError `program-missing` */
export function overhear(
  program: string,
  args: readonly string[],
  { outputAside = false, env = {} }: OverhearOptions = {},
): Promise<Overheard> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['inherit', outputAside ? 2 : 'inherit', 'pipe'],
      env: { ...process.env, PATH: searchPath(), ...startedByUs(), ...env },
    })
    let stderr = ''
    child.stderr?.on('data', (text: Buffer) => {
      stderr += text.toString()
      process.stderr.write(text)
    })
    const wait = () => {}
    process.on('SIGINT', wait)
    child.once('error', () => {
      process.off('SIGINT', wait)
      reject(programMissing(program))
    })
    child.once('close', (code, signal) => {
      process.off('SIGINT', wait)
      resolve({ exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0), stderr })
    })
  })
}

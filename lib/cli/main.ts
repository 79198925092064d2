// Starts the program that the first argument names; bad input and refused work end in a paragraph and an exit code, never in a stack trace.
import { NetdojoError } from '../errors.ts'
import { exitCodes } from './exit-codes.ts'

type Program = (args: readonly string[]) => Promise<number>

const programs: Readonly<Record<string, () => Promise<{ readonly main: Program }>>> = {
  scenario: () => import('./scenario.ts'),
  shell: () => import('./shell.ts'),
  inside: () => import('./inside.ts'),
  ipam: () => import('./ipam.ts'),
}

/** @returns the exit code: see exit-codes.ts. */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    const load = programs[name]
    if (!load) throw new Error(`no program is called '${name}'`)
    const program = await load()
    return await program.main(args)
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    console.error(error.toText())
    return error.code === 'usage' ? exitCodes.usage : exitCodes.labBroken
  }
}

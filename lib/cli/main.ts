// Starts the program that the first argument names; every error ends in a paragraph and an exit code, never in a stack trace.
import { NetdojoError } from '../errors.ts'
import { exitCodes, missingPackage } from './shared/errors.ts'
import { processTerminal, type Terminal } from './shared/terminal.ts'

/** @returns the exit code. */
type Program = (args: readonly string[], terminal: Terminal) => Promise<number>

const programs: Readonly<Record<string, () => Promise<Program>>> = {
  scenario: async () => (await import('./programs/scenario/main.ts')).main,
  shell: async () => (await import('./programs/shell.ts')).main,
  workshop: async () => (await import('./programs/workshop/main.ts')).main,
  fix: async () => (await import('./programs/fix/main.ts')).main,
  inside: async () => (await import('./programs/inside.ts')).main,
  'workshop-there': async () => (await import('./programs/workshop/sandbox.ts')).enterThere,
  'web-there': async () => (await import('./programs/web/there.ts')).enterThere,
  web: async () => (await import('./programs/web/main.ts')).main,
  netdojo: async () => (await import('./commands/main.ts')).main,
  ipam: async () => (await import('./programs/ipam.ts')).main,
  vm: async () => (await import('./programs/vm.ts')).main,
  doctor: async () => {
    const { main } = await import('./commands/main.ts')
    return (args, terminal) => main(['doctor', ...args], terminal)
  },
}

/** @returns the exit code: see shared/errors.ts. */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const terminal = processTerminal()
  endWithReader(terminal)
  try {
    const load = programs[name]
    if (!load) throw new Error(`no program has the name '${name}'`)
    return await (
      await load()
    )(args, terminal)
  } catch (error) {
    return report(error, terminal)
  }
}

function report(thrown: unknown, terminal: Terminal): number {
  const error = missingPackage(thrown) ?? thrown
  if (error instanceof NetdojoError) {
    terminal.writeError(`${error.toText()}\n`)
    return error.code === 'usage' ? exitCodes.usage : exitCodes.labBroken
  }
  // A defect of netdojo must not look like a failed check.
  const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  terminal.writeError(
    `netdojo: this is a defect of netdojo; please report it with the lines below.\n${trace}\n`,
  )
  return exitCodes.labBroken
}

/** Ends quietly when the reader of our output has gone, as in `npm run scenario … | head`. */
function endWithReader(terminal: Terminal): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.readerGone : report(error, terminal))
  })
  process.on('uncaughtException', (error) => process.exit(report(error, terminal)))
}

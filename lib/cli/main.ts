// Starts the program that the first argument names; bad input and refused work end in a paragraph and an exit code, never in a stack trace.
import { NetdojoError } from '../errors.ts'
import { exitCodes } from './shared/errors.ts'

type Program = (args: readonly string[]) => Promise<number>

const programs: Readonly<Record<string, () => Promise<{ readonly main: Program }>>> = {
  scenario: () => import('./programs/scenario/main.ts'),
  shell: () => import('./programs/shell.ts'),
  workshop: () => import('./programs/workshop/main.ts'),
  fix: () => import('./programs/fix/main.ts'),
  inside: () => import('./programs/inside.ts'),
  'workshop-there': () =>
    import('./programs/workshop/sandbox.ts').then(({ enterThere }) => ({ main: enterThere })),
  netdojo: () => import('./commands/index.ts'),
  ipam: () => import('./programs/ipam.ts'),
  vm: () => import('./programs/vm.ts'),
  doctor: () =>
    import('./commands/index.ts').then(({ main }) => ({
      main: (args) => main(['doctor', ...args]),
    })),
}

/** @returns the exit code: see exit-codes.ts. */
export async function main([name = '', ...args]: readonly string[]): Promise<number> {
  endWithTheReader()
  try {
    const load = programs[name]
    if (!load) throw new Error(`no program is called '${name}'`)
    const program = await load()
    return await program.main(args)
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  if (error instanceof NetdojoError) {
    console.error(error.toText())
    return error.code === 'usage' ? exitCodes.usage : exitCodes.labBroken
  }
  // A defect of ours, and no verdict about anybody's network.
  console.error(
    'netdojo: this is a defect of netdojo; please report it with the lines below.\n',
    error,
  )
  return exitCodes.labBroken
}

/** `npm run scenario … | head`: when nobody reads any more there is nothing left to do, and nothing to complain about. */
function endWithTheReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.readerGone : report(error))
  })
  process.on('uncaughtException', (error) => process.exit(report(error)))
}

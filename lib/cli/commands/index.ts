// The command `netdojo`: does what a line says, and turns every end into an exit code and at most a paragraph.
import type { Command } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { Ending, exitCodeOf, exitCodes } from '../shared/errors.ts'
import { type Terminal, processTerminal } from '../shared/terminal.ts'

/** @returns the exit code. */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    return await run(words, terminal)
  } catch (error) {
    if (error instanceof Ending) return error.exitCode
    if (!(error instanceof NetdojoError)) throw error
    const { errorParagraph } = await import('../shared/errors.ts')
    terminal.writeError(errorParagraph(error))
    return exitCodeOf(error)
  }
}

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const look = looks[words.join(' ')]
  if (!look) return (await import('./program.ts')).runLine(words, terminal)
  await look(terminal)
  return exitCodes.held
}

/** Lines that are typed all day and have no option: loading the parser would be most of what they take. */
const looks: Readonly<Record<string, (terminal: Terminal) => Promise<void>>> = {
  'network ls': async (terminal) =>
    (await import('./network/list.ts')).list(terminal, { trunc: true }),
  ps: async (terminal) => (await import('./ps.ts')).list(terminal, { trunc: true }),
}

export type CommandEntry = {
  readonly summary: string
  /** Loads `command/NAME.ts`, whose exported function makes the command. */
  readonly load: () => Promise<(terminal: Terminal) => Command>
}

/** In the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  network: {
    summary: 'make, look at, plug into and remove networks',
    load: async () => (await import('./network.ts')).networkCommand,
  },
  run: {
    summary: 'run a program in a container, on networks',
    load: async () => (await import('./run.ts')).runCommand,
  },
  ps: {
    summary: 'list the containers',
    load: async () => (await import('./ps.ts')).psCommand,
  },
  exec: {
    summary: 'run one more program in a container',
    load: async () => (await import('./exec.ts')).execCommand,
  },
  logs: {
    summary: 'print what a container has written',
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  stop: {
    summary: 'stop containers',
    load: async () => (await import('./stop.ts')).stopCommand,
  },
  rm: {
    summary: 'remove containers',
    load: async () => (await import('./stop.ts')).rmCommand,
  },
  ipam: {
    summary: 'look at the addresses of networks',
    load: async () => (await import('./ipam.ts')).ipamCommand,
  },
  trace: {
    summary: 'follow the packets of a command through all nodes',
    load: async () => (await import('./trace.ts')).traceCommand,
  },
  capture: {
    summary: 'show the packets on nodes and interfaces, or keep them in a file',
    load: async () => (await import('./capture.ts')).captureCommand,
  },
  reconcile: {
    summary: 'bring the kernel and the records back together',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  doctor: {
    summary: 'say what this machine can do, and what would get in the way',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  completion: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
  topology: {
    summary: 'draw the network as the kernel has it now',
    load: async () => (await import('./snapshot.ts')).topologyCommand,
  },
  snapshot: {
    summary: 'print the network state of all nodes as JSON',
    load: async () => (await import('./snapshot.ts')).snapshotCommand,
  },
}

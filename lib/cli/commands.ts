// The commands of `netdojo`, with the line that each has in the top-level help: a file is loaded only when its command is typed.
import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

export type CommandEntry = {
  readonly summary: string
  /** Loads `command/NAME.ts`, whose exported function makes the command. */
  readonly load: () => Promise<(terminal: Terminal) => Command>
}

/** In the order of the help. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  network: {
    summary: 'make, look at, plug into and remove networks',
    load: async () => (await import('./command/network.ts')).networkCommand,
  },
  topology: {
    summary: 'draw the network as the kernel has it now',
    load: async () => (await import('./command/topology.ts')).topologyCommand,
  },
  snapshot: {
    summary: 'print the network state of all nodes as JSON',
    load: async () => (await import('./command/snapshot.ts')).snapshotCommand,
  },
}

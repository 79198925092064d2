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
  run: {
    summary: 'run a program in a container, on networks',
    load: async () => (await import('./command/run.ts')).runCommand,
  },
  ps: {
    summary: 'list the containers',
    load: async () => (await import('./command/ps.ts')).psCommand,
  },
  exec: {
    summary: 'run one more program in a container',
    load: async () => (await import('./command/exec.ts')).execCommand,
  },
  logs: {
    summary: 'print what a container has written',
    load: async () => (await import('./command/logs.ts')).logsCommand,
  },
  stop: {
    summary: 'stop containers',
    load: async () => (await import('./command/stop.ts')).stopCommand,
  },
  rm: {
    summary: 'remove containers',
    load: async () => (await import('./command/rm.ts')).rmCommand,
  },
  ipam: {
    summary: 'look at the addresses of networks',
    load: async () => (await import('./command/ipam.ts')).ipamCommand,
  },
  trace: {
    summary: 'follow the packets of a command through all nodes',
    load: async () => (await import('./command/trace.ts')).traceCommand,
  },
  capture: {
    summary: 'show the packets on nodes and interfaces, or keep them in a file',
    load: async () => (await import('./command/capture.ts')).captureCommand,
  },
  reconcile: {
    summary: 'bring the kernel and the records back together',
    load: async () => (await import('./command/reconcile.ts')).reconcileCommand,
  },
  doctor: {
    summary: 'say what this machine can do, and what would get in the way',
    load: async () => (await import('./command/doctor.ts')).doctorCommand,
  },
  completion: {
    summary: 'print the completion script of a shell',
    load: async () => (await import('./command/completion.ts')).completionCommand,
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

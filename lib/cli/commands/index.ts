// Lists the commands of `netdojo`; the file of a command is loaded when a line names the command.
import type { CommandFile } from '../shared/command.ts'

export type CommandEntry = {
  readonly description: string
  readonly alias?: string
  /** The least and the greatest number of words after the command in a line that skips the parser. */
  readonly words?: readonly [least: number, most: number]
  readonly load: () => Promise<CommandFile>
}

export type CommandGroup = {
  readonly description: string
  readonly commands: Readonly<Record<string, CommandEntry>>
}

/** In the order of the help. */
export const commands: Readonly<Record<string, CommandEntry | CommandGroup>> = {
  network: {
    description: 'Create, list, connect and remove networks.',
    commands: {
      create: {
        description: 'Create a network and print its ID.',
        words: [1, 1],
        load: async () => (await import('./network/create.ts')).create,
      },
      ls: {
        description: 'List the networks.',
        alias: 'list',
        words: [0, 0],
        load: async () => (await import('./network/list.ts')).ls,
      },
      inspect: {
        description: 'Print networks and their endpoints as JSON.',
        words: [1, Infinity],
        load: async () => (await import('./network/list.ts')).inspect,
      },
      connect: {
        description: 'Connect a network namespace or a container to a network.',
        words: [2, 2],
        load: async () => (await import('./network/connect.ts')).connect,
      },
      disconnect: {
        description: 'Disconnect a network namespace or a container from a network.',
        words: [2, 2],
        load: async () => (await import('./network/connect.ts')).disconnect,
      },
      rm: {
        description: 'Remove networks and print the name of each.',
        alias: 'remove',
        words: [1, Infinity],
        load: async () => (await import('./network/remove.ts')).rm,
      },
      prune: {
        description: 'Remove all networks without endpoints.',
        words: [0, 0],
        load: async () => (await import('./network/remove.ts')).prune,
      },
    },
  },
  leave: {
    description: 'Leave the cluster: forget the store that machines share.',
    words: [0, 0],
    load: async () => (await import('./leave.ts')).leave,
  },
  follow: {
    description: 'Follow the machines that share networks with this one.',
    words: [0, 0],
    load: async () => (await import('./follow.ts')).follow,
  },
  run: {
    description: 'Run a program in a new container.',
    load: async () => (await import('./run.ts')).run,
  },
  ps: {
    description: 'List the containers.',
    words: [0, 0],
    load: async () => (await import('./ps.ts')).ps,
  },
  inspect: {
    description: 'Print containers and networks as JSON.',
    words: [1, Infinity],
    load: async () => (await import('./inspect.ts')).inspect,
  },
  port: {
    description: 'Print the published ports of a container.',
    words: [1, 2],
    load: async () => (await import('./inspect.ts')).port,
  },
  exec: {
    description: 'Run another program in a running container.',
    load: async () => (await import('./exec.ts')).exec,
  },
  logs: {
    description: 'Print the output of a container.',
    words: [1, 1],
    load: async () => (await import('./logs.ts')).logs,
  },
  start: {
    description: 'Start containers whose program has ended.',
    words: [1, Infinity],
    load: async () => (await import('./stop.ts')).start,
  },
  stop: {
    description: 'Stop containers.',
    words: [1, Infinity],
    load: async () => (await import('./stop.ts')).stop,
  },
  restart: {
    description: 'Stop containers and start them again.',
    words: [1, Infinity],
    load: async () => (await import('./stop.ts')).restart,
  },
  rename: {
    description: 'Give a container another name.',
    words: [2, 2],
    load: async () => (await import('./stop.ts')).rename,
  },
  rm: {
    description: 'Remove containers with their records and logs.',
    words: [1, Infinity],
    load: async () => (await import('./stop.ts')).rm,
  },
  ipam: {
    description: 'Show how the addresses of networks are used.',
    commands: {
      show: {
        description: 'Draw the address bitmaps of networks, one character per address.',
        words: [0, Infinity],
        load: async () => (await import('./ipam.ts')).show,
      },
    },
  },
  trace: {
    description: 'Follow the packets of a command through all nodes.',
    load: async () => (await import('./trace.ts')).trace,
  },
  capture: {
    description: 'Print the packets on nodes and interfaces, or write them to a file.',
    load: async () => (await import('./capture.ts')).capture,
  },
  scenario: {
    description: 'Play a scenario in a sandbox that leaves nothing behind.',
    words: [1, 1],
    load: async () => (await import('./scenario.ts')).scenario,
  },
  reconcile: {
    description: 'Make the kernel match the records again.',
    words: [0, 0],
    load: async () => (await import('./reconcile.ts')).reconcile,
  },
  doctor: {
    description: 'Check what this machine can do, and what would get in the way.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  completion: {
    description: 'Print the completion script of a shell.',
    load: async () => (await import('./completion.ts')).completion,
  },
  topology: {
    description: 'Draw the network as the kernel has it now.',
    load: async () => (await import('./snapshot.ts')).topology,
  },
  snapshot: {
    description: 'Print the network state of all nodes as JSON.',
    words: [0, 0],
    load: async () => (await import('./snapshot.ts')).snapshot,
  },
}

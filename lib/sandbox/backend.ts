// Names the four sandbox backends as `--in` takes them, and the values that all of them share.

export const sandboxBackends = ['namespaces', 'container', 'vm', 'here'] as const

export type SandboxBackend = (typeof sandboxBackends)[number]

/** The backends that run on this machine. The other two run the whole program in a container or virtual machine. */
export type LocalBackend = Extract<SandboxBackend, 'namespaces' | 'here'>

/** The name of the sandbox in an error. */
export function sandboxName(backend: SandboxBackend): string {
  return backend === 'here' ? "the sandbox 'here'" : `the ${backend} sandbox`
}

export function isSandboxBackend(name: string): name is SandboxBackend {
  return sandboxBackends.some((backend) => backend === name)
}

/** A program of the project: the path of its file in the repository, and its arguments. */
export type Inside = readonly [script: string, ...args: string[]]

/** A second output of a program in a container or virtual machine, whose only stream belongs to the learner's terminal. */
export type SideChannel = {
  /** The path of a named pipe on the other side. */
  readonly pipe: string
  /** Called with each line that the program writes to the pipe. */
  readonly onLine: (line: string) => void
}

/** The variables of our environment that a program in a container or virtual machine needs to use our terminal. */
export function terminalEnvironment(): Readonly<Record<string, string>> {
  const names = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'LANG', 'LC_ALL', 'LC_MESSAGES']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

// The four places where a scenario can run, by their names on the command line.

export const placeNames = ['namespaces', 'container', 'vm', 'here'] as const

export type PlaceName = (typeof placeNames)[number]

/** Those that a program enters from where it runs; to the other two, the whole program is sent. */
export type NearPlace = Extract<PlaceName, 'namespaces' | 'here'>

/** What an error calls it. */
export function sandboxName(place: PlaceName): string {
  return place === 'here' ? "the sandbox 'here'" : `the ${place} sandbox`
}

export function isPlaceName(name: string): name is PlaceName {
  return placeNames.some((place) => place === name)
}

/** What to run of the project, wherever it lies there: a file, by its path in the repository, and its arguments. */
export type Inside = readonly [script: string, ...args: string[]]

/** What a program in a container or virtual machine tells besides: its terminal is one stream, and is the learner's. */
export type Telling = {
  /** Called with each line that it writes to the named pipe `toldBy` there. */
  readonly onLine: (line: string) => void
  readonly toldBy: string
}

/** Of our environment, what the other side of a container or virtual machine should know: how to speak to the terminal. */
export function terminalEnvironment(): Readonly<Record<string, string>> {
  const names = ['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'LANG', 'LC_ALL', 'LC_MESSAGES']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

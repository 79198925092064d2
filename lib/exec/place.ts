// Where a line of a scenario runs: on the machine itself, in a network namespace, or in a container with all of its namespaces.

export type Place = {
  /** What a command is put behind to run there. */
  readonly enter: readonly string[]
  /** The file by whose inode the place is told from a later one of the same name. */
  readonly identity: string
  /** What is said when there is no such place. */
  readonly missing: string
}

export const thisMachine: Place = { enter: [], identity: '/proc/self/ns/net', missing: '' }

export function namespacePlace(name: string): Place {
  return {
    enter: ['ip', 'netns', 'exec', name],
    identity: `/run/netns/${name}`,
    missing: `Cannot open network namespace "${name}": No such file or directory\n`,
  }
}

/** `pid` is the container's first process, as we see it. */
export function containerPlace(name: string, pid: number): Place {
  return {
    enter: ['nsenter', '--target', String(pid), '--mount', '--net', '--uts', '--pid', '--wd=/'],
    identity: `/proc/${pid}/ns/net`,
    missing: `the container "${name}" is not running\n`,
  }
}

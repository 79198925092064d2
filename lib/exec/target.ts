// Describes where a scenario's line runs: on this machine, in a network namespace, or in a container; each has its way to enter
// it.

/** Where a line of a scenario runs: this machine, a network namespace or a container. */
export type ExecTarget = {
  /** The words that stand before a command to run it there. */
  readonly enter: readonly string[]
  /** The file whose inode distinguishes this target from a later one with the same name. */
  readonly identity: string
  /** The error text when the target does not exist. */
  readonly missing: string
}

export const thisMachine: ExecTarget = { enter: [], identity: '/proc/self/ns/net', missing: '' }

export function namespaceTarget(name: string): ExecTarget {
  return {
    enter: ['ip', 'netns', 'exec', name],
    identity: `/run/netns/${name}`,
    missing: `Cannot open network namespace "${name}": No such file or directory\n`,
  }
}

/**
 * A further machine of the world. Not by `ip netns exec`: a namespace that is created on the machine must be visible on all of them, and
 * that command hides later mounts.
 */
export function machineTarget(name: string): ExecTarget {
  const identity = `/run/netns/${name}`
  return {
    enter: ['nsenter', `--net=${identity}`],
    identity,
    missing: `the world has no machine "${name}"\n`,
  }
}

/** `pid` is the container's first process in our own PID namespace. */
export function containerTarget(name: string, pid: number): ExecTarget {
  return {
    enter: ['nsenter', '--target', String(pid), '--mount', '--net', '--uts', '--pid', '--wd=/'],
    identity: `/proc/${pid}/ns/net`,
    missing: `the container "${name}" is not running\n`,
  }
}

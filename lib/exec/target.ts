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

/** The namespace with this name, or a further machine of the world (`host2`). */
export function namespaceTarget(name: string): ExecTarget {
  const identity = `/run/netns/${name}`
  // A namespace that is created on a machine must exist for all of them, and `ip netns exec` hides later mounts.
  const isMachine = /^host[1-9]\d*$/.test(name)
  return {
    enter: isMachine ? ['nsenter', `--net=${identity}`] : ['ip', 'netns', 'exec', name],
    identity,
    missing: `Cannot open network namespace "${name}": No such file or directory\n`,
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

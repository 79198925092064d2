// Finds and removes the control groups of an engine: no namespace removes them.
import { globSync, rmdirSync } from 'node:fs'

const secondsToEnd = 5

/** Removes those below `name`, which may have a wildcard, in every hierarchy and however deep (the engine may be in a group itself); what is in use stays. */
export function removeControlGroups(name: string): void {
  // The inner groups must go first.
  const found = globSync(`/sys/fs/cgroup/**/${name}{,/*}`, {
    withFileTypes: true,
  })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .toSorted((a, b) => b.length - a.length)
  for (const directory of found) {
    try {
      rmdirSync(directory)
    } catch {
      // A process is in it, or it was removed already: two hierarchies may be the same.
    }
  }
}

/** The same for groups whose processes have just been killed: waits for their end. */
export function removeControlGroupsSoon(name: string): void {
  const until = performance.now() + secondsToEnd * 1000
  const left = () => globSync(`/sys/fs/cgroup/**/${name}`).length > 0
  for (removeControlGroups(name); left() && performance.now() < until; removeControlGroups(name))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
}

// What runc wants to see of control groups, where they are hidden: a sandbox has a /sys of its own, without them.
import { readFileSync, statfsSync } from 'node:fs'
import { runWithInput } from '../exec/run-with-input.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

/** statfs(2): nothing is mounted at /sys/fs/cgroup. */
const SYSFS_MAGIC = 0x62656572
const path = '/sys/fs/cgroup'
const source = 'netdojo'

/** The mount is refused outside of a control group namespace of one's own (cgroup_init_fs_context). */
const mountThem = `mount -t cgroup2 ${source} ${path} && mount -o remount,bind,ro ${path}`

/** To be typed where they are hidden; then runc does without. */
export const hideCgroups = `unshare --cgroup sh -c '${mountThem}'`

export type Cgroups = {
  /** Whether runc has them. */
  readonly usable: boolean
  /** Whether they must be hidden from it first. */
  readonly toHide: boolean
}

/**
 * runc takes the old layout for the machine's when it finds nothing there, and fails. It gets the new one, read-only:
 * containers have no control group of their own then, and none is ever left on the machine.
 */
export async function prepareCgroups(): Promise<Cgroups> {
  const cgroups = lookAtCgroups()
  if (cgroups.toHide)
    await runWithInput('unshare', ['--cgroup', 'sh', '-c', mountThem], { input: '', stdout: false })
  return cgroups
}

export function lookAtCgroups(): Cgroups {
  if (statfsSync(path).type === SYSFS_MAGIC) return { usable: false, toHide: true }
  return { usable: !isOwnUserNamespace() && !isOurs(), toHide: false }
}

function isOurs(): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(`\n${source} ${path} `)
}

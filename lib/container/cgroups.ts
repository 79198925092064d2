// Gives runc the control groups that it expects: a sandbox has its own /sys, without them.
import { readFileSync, statfsSync } from 'node:fs'
import { run } from '../exec/run.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

/** statfs(2): the type of /sys/fs/cgroup when nothing is mounted there. */
const SYSFS_MAGIC = 0x62656572
const path = '/sys/fs/cgroup'
const source = 'netdojo'

/** The kernel allows this mount only in an own cgroup namespace (cgroup_init_fs_context). */
const mountThem = `mount -t cgroup2 ${source} ${path} && mount -o remount,bind,ro ${path}`

/** The command for a shell; runc then works without control groups. */
export const hideCgroups = `unshare --cgroup sh -c '${mountThem}'`

export type Cgroups = {
  /** Whether runc can use control groups. */
  readonly usable: boolean
  /** Whether the read-only mount is needed first. */
  readonly toHide: boolean
}

/**
 * Without a mount there, runc assumes cgroup v1 and fails. So it gets cgroup2, read-only: containers then have no control
 * group of their own, and none stays on the machine.
 */
export async function prepareCgroups(): Promise<Cgroups> {
  const cgroups = lookAtCgroups()
  if (cgroups.toHide)
    await run('unshare', ['--cgroup', 'sh', '-c', mountThem], {
      input: '',
      stdout: false,
      allowFailure: true,
    })
  return cgroups
}

export function lookAtCgroups(): Cgroups {
  if (statfsSync(path).type === SYSFS_MAGIC) return { usable: false, toHide: true }
  return { usable: !isOwnUserNamespace() && !isOurs(), toHide: false }
}

function isOurs(): boolean {
  return readFileSync('/proc/self/mounts', 'utf8').includes(`\n${source} ${path} `)
}

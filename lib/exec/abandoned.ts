// Detects that the process which waits for us is gone, so that the programs we started end with us.
import { readOrEmpty } from './processes.ts'

const checkParentEvery = 250

/**
 * Calls `end` on SIGTERM or SIGHUP, or when the npm that started us is gone; calls `interrupted` on Ctrl-C.
 * @returns a function that stops watching.
 */
export function onAbandoned(end: () => void, interrupted: () => void = end): () => void {
  process.on('SIGINT', interrupted).on('SIGTERM', end).on('SIGHUP', end)
  const before = ancestors()
  const look = () => {
    if (process.env.npm_lifecycle_event !== undefined && isOrphan(before)) end()
  }
  const watch = setInterval(look, checkParentEvery).unref()
  look()
  return () => {
    clearInterval(watch)
    process.off('SIGINT', interrupted).off('SIGTERM', end).off('SIGHUP', end)
  }
}

/**
 * After SIGKILL to npm its children only get another parent. That may have happened before our first look: then process 1 is our
 * parent, but in a container npm itself can be process 1.
 */
function isOrphan(before: readonly number[]): boolean {
  if (before.at(-1) === 1 && !commandLineOf(1).includes('npm')) return true
  return ancestors().some((pid, index) => pid !== before[index])
}

/** Our ancestors up to npm: some shells become the program of a script's line, others stay between npm and the program. */
function ancestors(): readonly number[] {
  const parent = process.ppid
  const isShell = commandLineOf(parent).includes('start.js')
  return isShell ? [parent, parentOf(parent)] : [parent]
}

function parentOf(pid: number): number {
  // proc_pid_stat(5): the fourth field, after a name in parentheses that may have any character in it.
  const fields = readOrEmpty(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
  return Number(fields[1])
}

function commandLineOf(pid: number): string {
  return readOrEmpty(`/proc/${pid}/cmdline`)
}

// Notices that nobody waits for this process any more, so that what it started ends with it.
import { readFileSync } from 'node:fs'

const checkParentEvery = 250

/**
 * Calls `end` when this process is told to end, or when the npm that started it is gone; `interrupted` on Ctrl-C.
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
 * npm killed with SIGKILL tells nobody: what it started only gets another parent. It may have been gone before we first
 * looked; then the first process has us, which in a container can be npm itself.
 */
function isOrphan(before: readonly number[]): boolean {
  if (before.at(-1) === 1 && !commandLineOf(1).includes('npm')) return true
  return ancestors().some((pid, index) => pid !== before[index])
}

/** Up to npm: some shells become the program of a script's line, others stay between npm and it. */
function ancestors(): readonly number[] {
  const parent = process.ppid
  const isShell = commandLineOf(parent).includes('start.js')
  return isShell ? [parent, parentOf(parent)] : [parent]
}

function parentOf(pid: number): number {
  // proc_pid_stat(5): the fourth field, after a name in parentheses that may have any character in it.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
  return Number(fields[1])
}

function commandLineOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`)
}

/** Empty where there is no /proc, and of a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

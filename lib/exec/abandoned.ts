// Notices that nobody waits for this process any more, so that what it started ends with it.
import { readFileSync } from 'node:fs'

const checkParentEvery = 250

/**
 * Calls `end` when this process is told to end, or when the npm that started it is gone; `interrupted` on Ctrl-C.
 * @returns a function that stops watching.
 */
export function onAbandoned(end: () => void, interrupted: () => void = end): () => void {
  process.on('SIGINT', interrupted).on('SIGTERM', end).on('SIGHUP', end)
  const parent = process.ppid
  const look = () => {
    if (process.env.npm_lifecycle_event !== undefined && isOrphanOf(parent)) end()
  }
  const watch = setInterval(look, checkParentEvery).unref()
  look()
  return () => {
    clearInterval(watch)
    process.off('SIGINT', interrupted).off('SIGTERM', end).off('SIGHUP', end)
  }
}

/**
 * npm killed with SIGKILL tells nobody: its child only gets another parent. It may have been gone before we first
 * looked; then our parent is the first process, which in a container can be npm itself.
 */
function isOrphanOf(parent: number): boolean {
  if (process.ppid !== parent) return true
  return parent === 1 && !/npm|start\.js/.test(commandLineOf(1))
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return 'npm?' // no /proc here: better to run on than to end somebody's run
  }
}

// Notices that nobody waits for this process any more, so that what it started ends with it.

const checkParentEvery = 250

/**
 * Calls `end` when this process is told to end, or when the npm that started it is gone; `interrupted` on Ctrl-C.
 * @returns a function that stops watching.
 */
export function onAbandoned(end: () => void, interrupted: () => void = end): () => void {
  process.on('SIGINT', interrupted).on('SIGTERM', end).on('SIGHUP', end)
  // npm killed with SIGKILL tells nobody: its child only notices that it has another parent.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) end()
  }, checkParentEvery).unref()
  return () => {
    clearInterval(watch)
    process.off('SIGINT', interrupted).off('SIGTERM', end).off('SIGHUP', end)
  }
}

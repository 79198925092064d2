// Tells a process from a later one that got its number: a pid with the moment of its start is never given twice in one boot.
import { readdirSync, readFileSync } from 'node:fs'

export type ProcessToken = {
  readonly pid: number
  /** In clock ticks since the boot: proc_pid_stat(5), field 22. */
  readonly startedAt: string
}

/** @returns undefined for a process that is gone, or that has ended and only waits to be asked for its exit code. */
export function processToken(pid: number): ProcessToken | undefined {
  const stat = read(`/proc/${pid}/stat`)
  // The second field is a name in parentheses, with any character in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', startedAt] = [fields[0], fields[19]]
  return startedAt === undefined || 'ZX'.includes(state) ? undefined : { pid, startedAt }
}

export function isAlive(token: ProcessToken | undefined): boolean {
  return token !== undefined && processToken(token.pid)?.startedAt === token.startedAt
}

/** @returns whether there was such a process. */
export function signalProcess(
  token: ProcessToken | undefined,
  signal: NodeJS.Signals | number,
): boolean {
  if (!token || !isAlive(token)) return false
  try {
    return process.kill(token.pid, signal)
  } catch {
    return false
  }
}

/** The processes that were started with this argument; for one that nobody else would give, as a path with an id in it. */
export function processesWithArgument(argument: string): readonly ProcessToken[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/cmdline`).split('\0').includes(argument))
    .flatMap((pid) => processToken(Number(pid)) ?? [])
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

// Identifies and signals processes by pid and start time, which no two processes of one boot share, and waits for programs whose
// starter was killed.
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process, told apart from a later one with the same process id. */
export type ProcessToken = {
  /** The process id. */
  readonly pid: number
  /** In clock ticks since the boot: proc_pid_stat(5), field 22. */
  readonly startedAt: string
}

/** @returns undefined for a process that is gone, or that has ended and only waits for its parent to read its exit code. */
export function processToken(pid: number): ProcessToken | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // The second field is a name in parentheses, with any character in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = '', startedAt] = [fields[0], fields[19]]
  return startedAt === undefined || 'ZX'.includes(state) ? undefined : { pid, startedAt }
}

export function isAlive(token: ProcessToken | undefined): boolean {
  return token !== undefined && processToken(token.pid)?.startedAt === token.startedAt
}

/** @returns whether the process existed. */
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

/** Finds the processes with this argument. No other program may have it: a path that contains an id, for example. */
export function processesWithArgument(argument: string): readonly ProcessToken[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readOrEmpty(`/proc/${pid}/cmdline`).split('\0').includes(argument))
    .flatMap((pid) => processToken(Number(pid)) ?? [])
}

/** Empty where there is no /proc, and for a process that is gone. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const variable = 'NETDOJO_STARTED_BY'

/** Environment that marks a program as ours: a killed process leaves its `ip -batch` running to the end of its input. */
export function startedByUs(): Readonly<Record<string, string>> {
  return { [variable]: String(process.pid) }
}

/** The kernel's names for the programs that change the network (15 characters of each). */
const programs = /^(ip|nft|nsenter|sh|conntrack|ip6?tables-resto|xtables-nft-mul|xtables-legacy-)$/

const pauseMilliseconds = 5
/** Longer than any batch takes. */
const longestMilliseconds = 10_000

/** Waits until no program runs whose starter is dead. */
export async function orphansEnded(): Promise<void> {
  const until = performance.now() + longestMilliseconds
  while (performance.now() < until && (await anyOrphan())) await sleep(pauseMilliseconds)
}

async function anyOrphan(): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(isOrphan))
  return found.includes(true)
}

/** The kernel gives the children of a dead process another parent (PR_SET_CHILD_SUBREAPER, or the namespace's first process). */
async function isOrphan(pid: string): Promise<boolean> {
  try {
    if (!programs.test((await readFile(`/proc/${pid}/comm`, 'utf8')).trim())) return false
    const environment = (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0')
    const starter = environment.find((entry) => entry.startsWith(`${variable}=`))?.split('=')[1]
    if (starter === undefined || pid === String(process.pid)) return false
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return /^PPid:\s*(\d+)/m.exec(status)?.[1] !== starter
  } catch {
    // It ended meanwhile, or it belongs to another user, who cannot change our network.
    return false
  }
}

// Programs that outlive the process that started them: a killed process leaves its `ip -batch` to read on to the end.
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const variable = 'NETDOJO_STARTED_BY'
const pauseMilliseconds = 5
/** Longer than any batch takes. */
const longestMilliseconds = 10_000

/** For the environment of each program that is started, to be known by. */
export function startedByUs(): Readonly<Record<string, string>> {
  return { [variable]: String(process.pid) }
}

/** What the kernel calls the programs that change the network for us (15 characters of each). */
const programs = /^(ip|nft|nsenter|sh|conntrack|ip6?tables-resto|xtables-nft-mul|xtables-legacy-)$/

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

/** The kernel gives the children of a dead process to another (PR_SET_CHILD_SUBREAPER, or the namespace's first). */
async function isOrphan(pid: string): Promise<boolean> {
  try {
    if (!programs.test((await readFile(`/proc/${pid}/comm`, 'utf8')).trim())) return false
    const environment = (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0')
    const starter = environment.find((entry) => entry.startsWith(`${variable}=`))?.split('=')[1]
    if (starter === undefined || pid === String(process.pid)) return false
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    return /^PPid:\s*(\d+)/m.exec(status)?.[1] !== starter
  } catch {
    // It ended while we looked, or it belongs to somebody whose network is not ours to change.
    return false
  }
}

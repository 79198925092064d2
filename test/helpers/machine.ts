// What a run could leave behind on the machine, as one value to compare before and after.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../lib/exec/run.ts'

export type Machine = {
  readonly links: string
  readonly namespaces: readonly string[]
  readonly mounts: string
  readonly rules: string
}

export async function machine(): Promise<Machine> {
  const links = await run('ip', ['-brief', 'link'])
  const rules = await run('nft', ['list', 'ruleset'], { allowFailure: true })
  return {
    links: links.stdout,
    namespaces: entries('/run/netns'),
    mounts: readFileSync('/proc/self/mounts', 'utf8'),
    rules: rules.stdout,
  }
}

/** Waits for the end of every process that has `marker` in its environment. @returns those that are left after 10 s. */
export async function leftAfter10Seconds(marker: string): Promise<string[]> {
  const until = performance.now() + 10_000
  while (processesWith(marker).length > 0 && performance.now() < until) await sleep(20)
  return processesWith(marker).map((pid) => `${pid} ${commandOf(pid)}`)
}

export function processesWith(marker: string): string[] {
  return entries('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker)
    } catch {
      return false // ended meanwhile, or somebody else's
    }
  })
}

export function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // ended meanwhile
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

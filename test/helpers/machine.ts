// Reads what a run could leave behind on the machine, to compare before and after.
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { run } from '../../lib/exec/run.ts'
import { until } from './until.ts'

export type Machine = {
  readonly links: string
  readonly namespaces: readonly string[]
  readonly mounts: string
  readonly rules: string
}

/** The whole state, for a test that has a machine of its own. */
export async function machine(): Promise<Machine> {
  const links = await run('ip', ['-brief', 'link'])
  const rules = await run('nft', ['list', 'ruleset'], { allowFailure: true })
  return {
    links: links.stdout,
    namespaces: entries('/run/netns'),
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n').filter(isNoImage).join('\n'),
    rules: rules.stdout,
  }
}

/** Another test builds the image of a container in a temporary directory meanwhile. */
function isNoImage(mount: string): boolean {
  return mount.startsWith('netdojo ') || !mount.includes(` ${tmpdir()}/`)
}

// The devices, namespaces and addresses of scenarios, and the names of our tables and mounts.
const devices = /^(br0|veth[0-2]|wan|nd-\S+|ndv\S+)\b/
const namespaces: ReadonlySet<string> = new Set(['host', 'outside', 'ns1', 'ns2', 'ns3'])
const mounts = /^netdojo |^\S+ \/run\/netns\/(host|outside|ns[123]) /
const rules = /netdojo|\b172\.18\.0\.|\b203\.0\.113\./

/** The possible leftovers of a run. Others may change the machine at the same time, so a test looks at nothing else. */
export async function ownTraces(): Promise<readonly string[]> {
  const all = await machine()
  return [
    ...all.links.split('\n').filter((line) => devices.test(line)),
    ...all.namespaces.filter((name) => namespaces.has(name)),
    ...all.mounts.split('\n').filter((line) => mounts.test(line)),
    ...all.rules.split('\n').filter((line) => rules.test(line)),
  ]
}

/** Waits for the end of every process that has `marker` in its environment. @returns those that are left after 10 s. */
export async function leftAfter10Seconds(marker: string): Promise<string[]> {
  await until(() => processesWith(marker).length === 0, 10)
  return processesWith(marker).map((pid) => `${pid} ${commandOf(pid)}`)
}

export function processesWith(marker: string): string[] {
  return entries('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(marker)
    } catch {
      return false // it has ended, or belongs to another user
    }
  })
}

export function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has ended
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

// Makes the kernel forget connections; where `conntrack` is not installed, they end by their own timeouts.
import { readFileSync } from 'node:fs'
import { isInstalled } from '../exec/search-path.ts'
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import type { FlushConnections } from './operation.ts'
import type { Refusal } from './refusal.ts'
import { word } from './word.ts'

/** Each flush is a run of its own, one after the other: there may be one for each port of a range. */
export const conntrackBatch: RunBatch = async ({ operations }, { signal, tolerant }) => {
  const refusals: Refusal[] = []
  for (const operation of operations) {
    if (operation.kind !== 'flush-connections' || (refusals.length > 0 && !tolerant)) continue
    refusals.push(...(await flush(operation, signal)))
  }
  return refusals
}

async function flush(
  operation: FlushConnections,
  signal: AbortSignal | undefined,
): Promise<readonly Refusal[]> {
  if (!anyMatches(operation.filter) || !isInstalled('conntrack')) return []
  const words = operation.filter.map((text) => (/^--?[a-z][a-z-]*$/.test(text) ? text : word(text)))
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stderr } = await feed('conntrack', ['-D', ...words], {
      input: '',
      signal,
      stdout: false,
    })
    // Exit code 1 with `0 flow entries have been deleted` is how it says that there was none.
    if (exitCode === 0 || /\b0 flow entries/.test(stderr)) return []
    // It stops at one that ended by itself between the list and its turn; the others are still there.
    if (!stderr.includes("such conntrack doesn't exist") || attempt === mostAttempts)
      return [{ operation, message: stderr }]
  }
}

const mostAttempts = 20

/** In a longer table than this, `conntrack` finds faster what there is, although it must be started. */
const longestTable = 2000

/** Mostly nothing is there to flush, which the kernel tells without a process: look for the filter's values. */
function anyMatches(filter: readonly string[]): boolean {
  try {
    const count = Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
    if (count === 0) return false
    if (count > longestTable) return true
    const table = readFileSync('/proc/net/nf_conntrack', 'utf8')
    const addresses = filter.filter((_, index) =>
      /^--(orig|reply)-(src|dst)$/.test(filter[index - 1] ?? ''),
    )
    const ports = filter.filter((_, index) => filter[index - 1] === '--orig-port-dst')
    return (
      addresses.every((address) => table.includes(`=${expanded(address)} `)) &&
      ports.every((port) => table.includes(`dport=${port} `))
    )
  } catch {
    // The kernel was built without these files.
    return true
  }
}

/** The table has IPv6 addresses in full: `fd00:0077:0005:0000:0000:0000:0000:0002`. */
function expanded(address: string): string {
  if (!address.includes(':')) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(':')
}

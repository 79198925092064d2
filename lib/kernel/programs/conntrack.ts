// Deletes tracked connections by `conntrack -D`; where it is not installed, they end by their own timeouts.
import { readFileSync } from 'node:fs'
import { run } from '../../exec/run.ts'
import { isInstalled } from '../../exec/search-path.ts'
import { word, type FlushConnections } from '../operation.ts'
import type { Refusal, RunBatch } from '../plan.ts'

/** The words after `conntrack`. @throws NetdojoError `usage` for a value that is not one word. */
export function conntrackWords({ filter }: FlushConnections): readonly string[] {
  return ['-D', ...filter.map((text) => (/^--?[a-z][a-z-]*$/.test(text) ? text : word(text)))]
}

/** Each flush is a process of its own, one after the other: a range of ports has one for each port. */
export const runConntrack: RunBatch = async ({ operations }, { signal, tolerant }) => {
  const refusals: Refusal[] = []
  for (const operation of operations) {
    if (operation.kind !== 'flush-connections' || (refusals.length > 0 && !tolerant)) continue
    refusals.push(...(await flush(operation, signal)))
  }
  return refusals
}

const mostAttempts = 20

async function flush(
  operation: FlushConnections,
  signal: AbortSignal | undefined,
): Promise<readonly Refusal[]> {
  if (!anyMatches(operation.filter) || !isInstalled('conntrack')) return []
  const words = conntrackWords(operation)
  for (let attempt = 1; ; attempt++) {
    const options = { input: '', signal, stdout: false, allowFailure: true } as const
    const { exitCode, stderr } = await run('conntrack', words, options)
    // With no match it exits with 1 and prints `0 flow entries have been deleted`.
    if (exitCode === 0 || /\b0 flow entries/.test(stderr)) return []
    // It stops at a connection that ended by itself between the list and its deletion; the others still exist.
    if (!stderr.includes("such conntrack doesn't exist") || attempt === mostAttempts)
      return [{ operation, message: stderr, program: 'conntrack' }]
  }
}

/** In a longer table than this, `conntrack` finds the matches faster, although it must be started. */
const longestTable = 2000

/** Usually nothing matches. The table's text shows that without a process: it must contain the filter's values. */
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
    // This kernel was built without these files.
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

// Runs a batch of iptables operations: one `iptables-restore` that keeps what others put there, atomic for each table.
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import { iptablesProgram, iptablesWords } from './iptables-line.ts'
import type { IptablesOperation, Operation } from './operation.ts'
import type { Refusal } from './refusal.ts'

/** Another program may hold the lock of the legacy variant: wait for it rather than fail. */
const waitSeconds = '5'

export const iptablesBatch: RunBatch = async ({ operations }, { signal, tolerant }) => {
  const rules = operations.filter(isIptables)
  const refusals = await restore(rules, signal)
  if (refusals.length === 0 || !tolerant || rules.length === 1) return refusals
  const each: Refusal[] = []
  for (const rule of rules) each.push(...(await restore([rule], signal)))
  return each
}

function isIptables(operation: Operation): operation is IptablesOperation {
  return /-(chain|rule)$/.test(operation.kind)
}

async function restore(
  operations: readonly IptablesOperation[],
  signal: AbortSignal | undefined,
): Promise<readonly Refusal[]> {
  const [first] = operations
  if (first === undefined) return []
  const lines: string[] = []
  const byLine = new Map<number, IptablesOperation>()
  for (const [table, its] of Map.groupBy(operations, (operation) => operation.table)) {
    lines.push(`*${table}`)
    for (const operation of its) {
      byLine.set(lines.push(iptablesWords(operation).join(' ')), operation)
    }
    lines.push('COMMIT')
  }
  const program = `${iptablesProgram(first.ipv)}-restore`
  const args = ['--noflush', '--wait', waitSeconds]
  const { exitCode, stderr } = await feed(program, args, {
    input: `${lines.join('\n')}\n`,
    signal,
    stdout: false,
  })
  if (exitCode === 0) return []
  const line = Number(/line:? (\d+)/i.exec(stderr)?.[1])
  return [{ operation: byLine.get(line) ?? first, message: stderr }]
}

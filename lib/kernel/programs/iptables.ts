// Writes iptables operations as the program's arguments, runs them by one `iptables-restore`, which is atomic for each table
// and keeps the rules of others, and finds the refused one in its message.
import { run } from '../../exec/run.ts'
import { word, type IptablesOperation, type Operation } from '../operation.ts'
import type { Refusal, RunBatch } from '../plan.ts'

const flags = {
  'add-chain': '-N',
  'append-rule': '-A',
  'insert-rule': '-I',
  'remove-rule': '-D',
  'remove-chain': '-X',
} as const

/** The words after `iptables -t TABLE`. @throws NetdojoError `usage` for a value that is not one word. */
export function iptablesWords(operation: IptablesOperation): readonly string[] {
  return [flags[operation.kind], word(operation.chain), ...(operation.rule ?? []).map(ruleWord)]
}

export function iptablesProgram(ipv: 4 | 6): string {
  return ipv === 4 ? 'iptables' : 'ip6tables'
}

/** Options, `!`, lists and `[address]:port` belong to the grammar of rules; everything else must be a word. */
function ruleWord(text: string): string {
  if (/^(!|-{1,2}[a-z][a-z-]*|[A-Z]+(,[A-Z]+)*|\[[\da-f:.]+\]:\d+)$/i.test(text)) return text
  return word(text)
}

/** Another program may hold the lock of the legacy variant: wait for it rather than fail. */
const waitSeconds = '5'

export const runIptables: RunBatch = async ({ operations }, { signal, tolerant }) => {
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
  const options = {
    input: `${lines.join('\n')}\n`,
    signal,
    stdout: false,
    allowFailure: true,
  } as const
  const args = ['--noflush', '--wait', waitSeconds]
  const { exitCode, stderr } = await run(program, args, options)
  if (exitCode === 0) return []
  const line = Number(/line:? (\d+)/i.exec(stderr)?.[1])
  return [{ operation: byLine.get(line) ?? first, message: stderr, program: 'iptables' }]
}

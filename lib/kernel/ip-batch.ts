// Runs `ip` lines in one process, on the host or inside a namespace, and finds out which of them were refused.
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { namedNamespace } from './command.ts'
import { ipLine, isLink } from './ip-line.ts'
import { ipRefusals } from './ip-refusals.ts'
import type { Operation } from './operation.ts'
import { word } from './word.ts'

export const ipBatch: RunBatch = async (batch, { signal, tolerant }) => {
  const input = inputOf(linesOf(batch))
  const [program, ...args] = ipCommand(batch, tolerant ?? false)
  const { exitCode, stderr } = await feed(program, args, { input, signal, stdout: false })
  return exitCode === 0 ? [] : ipRefusals(batch.operations, stderr)
}

type CommandLine = readonly [program: string, ...args: string[]]

/** What does the batch when it gets its lines. */
function ipCommand({ netns, operations }: Batch, tolerant: boolean): CommandLine {
  const batch = [...(tolerant ? ['-force'] : []), '-batch', '-']
  if (netns === undefined) return ['ip', ...batch]
  if (hasSysctls(operations))
    return ['nsenter', `--net=${word(netns)}`, ...settingSysctls(operations, batch)]
  const name = namedNamespace.exec(netns)?.[1]
  // One process, where nsenter would be a second to start.
  return name === undefined
    ? ['nsenter', `--net=${word(netns)}`, 'ip', ...batch]
    : ['ip', '-n', word(name), ...batch]
}

function hasSysctls(operations: readonly Operation[]): boolean {
  return operations.some(({ kind }) => kind === 'set-sysctl')
}

function linesOf({ operations }: Batch): readonly string[] {
  return operations.filter(isLink).map(ipLine)
}

function inputOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/**
 * Sets the switches that it gets as arguments and becomes `ip`, in the one process that enters the namespace.
 * A switch that this kernel does not have (no IPv6) has nothing to switch.
 */
const setSysctls =
  'for pair; do [ ! -e "/proc/sys/${pair%%=*}" ] || echo "${pair#*=}" >"/proc/sys/${pair%%=*}" || exit 1; done'

function settingSysctls(operations: readonly Operation[], batch: readonly string[]) {
  const pairs = operations
    .filter((operation) => operation.kind === 'set-sysctl')
    .map(({ key, value }) => `${word(key)}=${word(value)}`)
  return ['sh', '-c', `${setSysctls}; exec ip ${batch.join(' ')}`, 'sh', ...pairs]
}

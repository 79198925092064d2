// Runs `ip` lines in one process of the host; lines for a namespace that `ip netns` knows come along, as a batch within the batch.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { namedNamespace } from './command.ts'
import { ipLine, isLink } from './ip-line.ts'
import { ipRefusals } from './ip-refusals.ts'
import type { Operation } from './operation.ts'
import { word } from './word.ts'

/**
 * Sets the switches that it gets as arguments and becomes `ip`, in the one process that enters the namespace.
 * A switch that this kernel does not have (no IPv6) has nothing to switch.
 */
const setSwitches =
  'for pair; do [ ! -e "/proc/sys/${pair%%=*}" ] || echo "${pair#*=}" >"/proc/sys/${pair%%=*}" || exit 1; done'

export const ipBatch: RunBatch = async (batch, { signal, tolerant }, after) => {
  const force = tolerant ? ['-force'] : []
  if (batch.netns === undefined || canCome(batch))
    return withLines(batch, tolerant ?? false, async (lines) => {
      const text = inputOf(lines)
      const input = after ? after.then(() => text) : text
      const args = [...force, '-batch', '-']
      return { said: (await feed('ip', args, { input, signal, stdout: false })).stderr }
    })
  await after
  const [program = '', ...args] = entering(batch.netns, batch.operations, [...force, '-batch', '-'])
  const input = linesOf(batch).join('')
  const { exitCode, stderr } = await feed(program, args, { input, signal, stdout: false })
  return exitCode === 0 ? [] : ipRefusals({ operations: batch.operations }, stderr)
}

/** Whether the batch can come along with one of the host: `netns exec` finds the namespace by name, and sets no switch. */
export function canCome({ tool, netns, operations }: Batch): boolean {
  return tool === 'ip' && namedNamespace.test(netns ?? '') && operations.every(isLink)
}

/**
 * Lets `run` have the lines of a batch and of the one that comes along, and reads its answer. The lines for the
 * namespace are in a file: a process that small starts another in half the time that Node takes.
 */
export async function withLines(
  batch: Batch,
  tolerant: boolean,
  run: (
    lines: readonly string[],
  ) => Promise<{ readonly said: string; readonly firstLine?: number }>,
): ReturnType<RunBatch> {
  const inside = batch.netns === undefined ? batch.along : batch
  const own = batch.netns === undefined ? batch.operations.filter(isLink) : []
  const directory = inside ? mkdtempSync(join(tmpdir(), 'netdojo-')) : undefined
  const file = join(directory ?? '', 'batch')
  try {
    if (inside) writeFileSync(file, linesOf(inside).join(''))
    const lines = [...own.map(ipLine), ...(inside ? [execLine(inside, file, tolerant)] : [])]
    const { said, firstLine = 1 } = await run(lines)
    return ipRefusals({ operations: own, firstLine, inside: inside?.operations ?? [] }, said)
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true })
  }
}

export function inputOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

function linesOf({ operations }: Batch): readonly string[] {
  return operations.filter(isLink).map((operation) => `${ipLine(operation)}\n`)
}

function execLine({ netns }: Batch, file: string, tolerant: boolean): string {
  const name = namedNamespace.exec(netns ?? '')?.[1] ?? ''
  return `netns exec ${word(name)} ip ${tolerant ? '-force ' : ''}-batch ${word(file)}`
}

function entering(
  netns: string,
  operations: readonly Operation[],
  batch: readonly string[],
): readonly string[] {
  const pairs = operations
    .filter((operation) => operation.kind === 'set-sysctl')
    .map(({ key, value }) => `${word(key)}=${word(value)}`)
  const enter = ['nsenter', `--net=${word(netns)}`]
  if (pairs.length === 0) return [...enter, 'ip', ...batch]
  return [...enter, 'sh', '-c', `${setSwitches}; exec ip ${batch.join(' ')}`, 'sh', ...pairs]
}

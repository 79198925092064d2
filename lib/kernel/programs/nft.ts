// Writes operations on the project's own nft table as lines of `nft -f`, runs them as one transaction, and finds the refused
// one in its message.
import { run } from '../../exec/run.ts'
import { word, type NftOperation, type Operation } from '../operation.ts'
import type { Refusal, RunBatch } from '../plan.ts'

/** @throws NetdojoError `usage` for a value that is not one word. */
export function nftLines(operation: NftOperation): readonly string[] {
  switch (operation.kind) {
    case 'create-element':
      return [`create element ${element(operation)}`]
    case 'add-element':
      return [`add element ${element(operation)}`]
    // Adding first makes the removal repeatable, and it fails for a key with another value, which another program owns.
    case 'remove-element':
      return [`add element ${element(operation)}`, `delete element ${element(operation)}`]
    case 'create-table':
      return [`create table ${tableOf(operation)}`, ...definition(operation)]
    // After the first line the second one succeeds in every case.
    case 'replace-table':
      return [
        `add table ${tableOf(operation)}`,
        `delete table ${tableOf(operation)}`,
        ...definition(operation),
      ]
    case 'remove-table':
      return [
        // Without the owner's chain the first line fails, and the transaction with it.
        `delete chain ${tableOf(operation)} ${ownerChain(operation.owner)}`,
        `delete table ${tableOf(operation)}`,
      ]
  }
}

type TableOperation = Extract<NftOperation, { body: readonly string[] }>

function definition(operation: TableOperation): readonly string[] {
  const { owner, body } = operation
  const mark = `  chain ${ownerChain(owner)} { }`
  return [`table ${tableOf(operation)} {`, mark, ...body.map((line) => `  ${line}`), '}']
}

/** The name of an empty chain that marks the table's owner (a transaction cannot test a comment). */
export function ownerChain(owner: string): string {
  return word(`owner-${owner}`)
}

type ElementOperation = Extract<NftOperation, { set: string }>

function element(operation: ElementOperation): string {
  const { set, key, data } = operation
  return `${tableOf(operation)} ${word(set)} { ${elementText(key, data)} }`
}

/** The table's family and name. */
export function tableOf({ family, table }: Pick<NftOperation, 'family' | 'table'>): string {
  return `${family ?? 'inet'} ${word(table)}`
}

/** An element as it stands between braces: `tcp . 80 : 192.168.0.2 . 80`. */
export function elementText(key: readonly string[], data?: readonly string[]): string {
  return [key, ...(data ? [data] : [])].map((parts) => parts.map(part).join(' . ')).join(' : ')
}

/** Names are quoted: an interface may be called `fwd`, which is a keyword of nft. */
function part(text: string): string {
  const isName = /^[a-z]/i.test(text) && !text.includes(':') && !/^(tcp|udp|sctp)$/.test(text)
  return isName ? `"${word(text)}"` : word(text)
}

export const runNft: RunBatch = async ({ operations }, { signal, tolerant }) => {
  const statements = operations.filter(isNft)
  const refusals = await transaction(statements, signal)
  if (refusals.length === 0 || !tolerant || statements.length === 1) return refusals
  // One refusal undid the whole transaction: the others must still be applied.
  const each: Refusal[] = []
  for (const statement of statements) each.push(...(await transaction([statement], signal)))
  return each
}

function isNft(operation: Operation): operation is NftOperation {
  return /-(element|table)$/.test(operation.kind)
}

async function transaction(
  operations: readonly NftOperation[],
  signal: AbortSignal | undefined,
): Promise<readonly Refusal[]> {
  const input = operations.map((operation) => `${nftLines(operation).join('\n')}\n`).join('')
  const options = { input, signal, stdout: false, allowFailure: true } as const
  const { exitCode, stderr } = await run('nft', ['-f', '-'], options)
  return exitCode === 0 ? [] : nftRefusals(operations, stderr)
}

/** nft names the line: `/dev/stdin:3:33-40: Error: Could not process rule: File exists`. */
function nftRefusals(operations: readonly NftOperation[], stderr: string): readonly Refusal[] {
  if (stderr === '') return []
  const failed = /^[^\s:]+:(\d+):[\d-]+: Error: (.*)$/m.exec(stderr)
  const operation = operationAt(operations, Number(failed?.[1] ?? 1))
  return operation ? [{ operation, message: failed?.[2] ?? stderr, program: 'nft' }] : []
}

function operationAt(operations: readonly NftOperation[], line: number): NftOperation | undefined {
  let end = 0
  return operations.find((operation) => line <= (end += nftLines(operation).length))
}

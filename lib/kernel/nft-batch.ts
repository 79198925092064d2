// Runs a batch of nft operations as one transaction: all of it happens, or nothing does.
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import { nftLines } from './nft-line.ts'
import type { NftOperation, Operation } from './operation.ts'
import type { Refusal } from './refusal.ts'

export const nftBatch: RunBatch = async ({ operations }, { signal, tolerant }) => {
  const statements = operations.filter(isNft)
  const refusals = await transaction(statements, signal)
  if (refusals.length === 0 || !tolerant || statements.length === 1) return refusals
  // One refusal undid the whole transaction: the rest must still be done.
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
  const input = nftInput(operations)
  const { exitCode, stderr } = await feed('nft', ['-f', '-'], { input, signal, stdout: false })
  return exitCode === 0 ? [] : nftRefusals(operations, stderr)
}

function nftInput(operations: readonly NftOperation[]): string {
  return operations.map((operation) => `${nftLines(operation).join('\n')}\n`).join('')
}

/** nft names the line: `/dev/stdin:3:33-40: Error: Could not process rule: File exists`. */
function nftRefusals(operations: readonly NftOperation[], stderr: string): readonly Refusal[] {
  if (stderr === '') return []
  const failed = /^[^\s:]+:(\d+):[\d-]+: Error: (.*)$/m.exec(stderr)
  const operation = operationAt(operations, Number(failed?.[1] ?? 1))
  return operation ? [{ operation, message: failed?.[2] ?? stderr }] : []
}

function operationAt(operations: readonly NftOperation[], line: number): NftOperation | undefined {
  let end = 0
  return operations.find((operation) => line <= (end += nftLines(operation).length))
}

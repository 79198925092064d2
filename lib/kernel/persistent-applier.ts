// The applier of long-lived programs: one `ip` and one `nft` stay running, which saves starting them for each change.
import { Conversation } from '../exec/conversation.ts'
import type { Applier } from './applier.ts'
import { applierOf, runPlainly, type RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { canCome, withLines } from './ip-batch.ts'
import { isNft } from './nft-batch.ts'
import { nftLines } from './nft-line.ts'
import type { NftOperation } from './operation.ts'
import type { Refusal } from './refusal.ts'

/** Longer transactions, and whole tables, have a process of their own: what they take is not its start. */
const longestTransaction = 100

/** To be disposed of; until then the two programs wait, and end with this process however it ends. */
export function persistentApplier(): Applier {
  const ip = new Conversation({
    program: 'ip',
    args: ['-force', '-o', '-batch', '-'],
    flush: 'link show dev lo',
    isLast: (line) => /^\d+: lo:/.test(line),
  })
  const nft = new Conversation({
    program: 'nft',
    args: ['-i'],
    // `list tables` would do too, but fetches every element of every map first.
    flush: 'describe icmp_code',
    isLast: (line) => line.includes('frag-needed'),
  })
  const runBatch: RunBatch = async (batch, options, after) => {
    await after
    const { tool, netns, operations } = batch
    if (tool === 'ip' && (netns === undefined || canCome(batch)))
      return askIp(ip, batch, options.tolerant ?? false)
    const statements = operations.filter(isNft)
    const isShort = statements.length <= longestTransaction && statements.every(isElement)
    if (tool === 'nft' && isShort) return askNft(nft, statements, options.tolerant ?? false)
    return runPlainly(batch, options)
  }
  return applierOf(runBatch, async () => {
    await Promise.all([ip[Symbol.asyncDispose](), nft[Symbol.asyncDispose]()])
  })
}

/**
 * This `ip` goes on after an error. Where that could do harm, to a bridge or inside a namespace where somebody else has
 * our names, nothing is asked before what it builds on is there.
 */
async function askIp(ip: Conversation, batch: Batch, tolerant: boolean): ReturnType<RunBatch> {
  for (const part of tolerant ? [batch] : partsOf(batch)) {
    const refusals = await withLines(part, tolerant, async (lines) => {
      const { answer, first, isAlive } = await ip.ask(lines)
      const said = answer.join('\n') || (isAlive ? '' : 'the program ended')
      return { said, firstLine: first }
    })
    if (refusals.length > 0) return refusals
  }
  return []
}

function partsOf({ along, ...batch }: Batch): readonly Batch[] {
  const isBridge = batch.operations.some(({ kind }) => kind === 'add-bridge')
  const own = isBridge
    ? batch.operations.map((operation) => Object.assign({}, batch, { operations: [operation] }))
    : [batch]
  return along ? [...own, along] : own
}

async function askNft(
  nft: Conversation,
  operations: readonly NftOperation[],
  tolerant: boolean,
): Promise<readonly Refusal[]> {
  const refusals = await transaction(nft, operations)
  if (refusals.length === 0 || !tolerant || operations.length === 1) return refusals
  const each: Refusal[] = []
  for (const operation of operations) each.push(...(await transaction(nft, [operation])))
  return each
}

/** The statements of one line are one transaction; a refusal shows the line and points below what is wrong. */
async function transaction(
  nft: Conversation,
  operations: readonly NftOperation[],
): Promise<readonly Refusal[]> {
  const texts = operations.map((operation) => nftLines(operation).join('; '))
  const { answer, isAlive } = await nft.ask([texts.join('; ')])
  const message = answer.find((line) => line.startsWith('Error:'))
  if (message === undefined && isAlive) return []
  const column = answer.find((line) => /^\s*\^/.test(line))?.indexOf('^') ?? 0
  let end = 0
  const index = texts.findIndex((text) => column < (end += text.length + 2))
  const operation = operations[Math.max(0, index)]
  return operation ? [{ operation, message: message ?? answer.join('\n') }] : []
}

function isElement({ kind }: NftOperation): boolean {
  return kind.endsWith('-element')
}

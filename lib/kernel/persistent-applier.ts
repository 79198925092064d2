// The applier of long-lived programs: one `ip` and one `nft` stay running, which saves starting them for each change.
import { Conversation } from '../exec/conversation.ts'
import type { Applier } from './applier.ts'
import { applierOf, runPlainly, type RunBatch } from './batch-applier.ts'
import { ipLine } from './ip-line.ts'
import { isLink } from './ip-batch.ts'
import { isNft } from './nft-batch.ts'
import { nftLines } from './nft-line.ts'
import type { LinkOperation, NftOperation } from './operation.ts'
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
  const runBatch: RunBatch = (batch, options) => {
    const { tool, netns, operations } = batch
    if (tool === 'ip' && netns === undefined)
      return askIp(ip, operations.filter(isLink), options.tolerant ?? false)
    const statements = operations.filter(isNft)
    const isShort = statements.length <= longestTransaction && statements.every(isElement)
    if (tool === 'nft' && isShort) return askNft(nft, statements, options.tolerant ?? false)
    return runPlainly(batch, options)
  }
  return applierOf(runBatch, async () => {
    await Promise.all([ip[Symbol.asyncDispose](), nft[Symbol.asyncDispose]()])
  })
}

/** This `ip` goes on after an error, so what must stop at one is asked line by line. */
async function askIp(
  ip: Conversation,
  operations: readonly LinkOperation[],
  tolerant: boolean,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  for (const operation of operations) {
    const { answer, isAlive } = await ip.ask([ipLine(operation)])
    const message = answer.filter((line) => !line.startsWith('Command failed')).join('\n')
    // It says nothing when all is well, and ends at an argument that it cannot read.
    if (message !== '' || !isAlive) refusals.push({ operation, message })
    if (refusals.length > 0 && !tolerant) break
  }
  return refusals
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

// The applier of long-lived programs: one `ip` and one `nft` stay running, and a shell that starts `ip` in namespaces, which saves starting them for each change.
import { Conversation } from '../exec/conversation.ts'
import type { Applier } from './applier.ts'
import { applierOf, runPlainly, type RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { namedNamespace } from './command.ts'
import { hasSwitches, linesOf } from './ip-batch.ts'
import { ipRefusals } from './ip-refusals.ts'
import { isNft } from './nft-batch.ts'
import { nftLines } from './nft-line.ts'
import type { NftOperation, Operation } from './operation.ts'
import type { Refusal } from './refusal.ts'
import { word } from './word.ts'

/** Longer transactions, and whole tables, have a process of their own: what they take is not its start. */
const longestTransaction = 100

/** To be disposed of; until then these programs wait, and end with this process however it ends. */
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
  const inside = new Conversation({
    program: 'sh',
    args: ['-c', ipInside],
    flush: '',
    isLast: (line) => line === endOfAnswer,
  })
  const runBatch: RunBatch = async (batch, options) => {
    const { tool, netns, operations } = batch
    const tolerant = options.tolerant ?? false
    if (tool === 'ip' && netns === undefined) return askIp(ip, batch, tolerant)
    const name = namedNamespace.exec(netns ?? '')?.[1]
    if (tool === 'ip' && name !== undefined && !tolerant && !hasSwitches(operations))
      return told(operations, await inside.ask([word(name), ...linesOf(batch)]), 1)
    const statements = operations.filter(isNft)
    const isShort = statements.length <= longestTransaction && statements.every(isElement)
    if (tool === 'nft' && isShort) return askNft(nft, statements, tolerant)
    return runPlainly(batch, options)
  }
  return applierOf(runBatch, async () => {
    await Promise.all([ip, nft, inside].map((conversation) => conversation[Symbol.asyncDispose]()))
  })
}

const endOfAnswer = 'end of the answer'

/**
 * Each paragraph is the name of a namespace and the lines of `ip` for it: a process of that size starts another in half
 * the time that Node takes.
 */
const ipInside = `
while IFS= read -r name; do
  while IFS= read -r line && [ -n "$line" ]; do printf '%s\n' "$line"; done | ip -n "$name" -batch -
  echo '${endOfAnswer}'
done`

type Answer = Awaited<ReturnType<Conversation['ask']>>

function told(operations: readonly Operation[], { answer, isAlive }: Answer, firstLine: number) {
  return ipRefusals(
    operations,
    answer.join('\n') || (isAlive ? '' : 'the program ended'),
    firstLine,
  )
}

/** This `ip` goes on after an error: where that could do harm, to a bridge that somebody else has, it is asked line by line. */
async function askIp(ip: Conversation, batch: Batch, tolerant: boolean): ReturnType<RunBatch> {
  const isBridge = batch.operations.some(({ kind }) => kind === 'add-bridge')
  const parts = isBridge && !tolerant ? batch.operations.map((one) => [one]) : [batch.operations]
  for (const operations of parts) {
    const answer = await ip.ask(linesOf({ operations }))
    const refusals = told(operations, answer, answer.first)
    if (refusals.length > 0) return refusals
  }
  return []
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

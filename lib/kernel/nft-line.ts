// An operation on our own nft table, as the lines of one `nft -f` transaction.
import type { NftOperation } from './operation.ts'
import { word } from './word.ts'

/** @throws NetdojoError `usage` for a value that is not one word. */
export function nftLines(operation: NftOperation): readonly string[] {
  switch (operation.kind) {
    case 'create-element':
      return [`create element ${element(operation)}`]
    case 'add-element':
      return [`add element ${element(operation)}`]
    // Adding first makes the removal safe to repeat, and refuses a key that leads somewhere else: it is not ours.
    case 'remove-element':
      return [`add element ${element(operation)}`, `delete element ${element(operation)}`]
    case 'create-table':
      return [`create table inet ${word(operation.table)}`, ...definition(operation)]
    // The first line makes the second one succeed whether or not there is a table.
    case 'replace-table':
      return [
        `add table inet ${word(operation.table)}`,
        `delete table inet ${word(operation.table)}`,
        ...definition(operation),
      ]
    case 'remove-table':
      return [
        // Without our mark the first line fails, and with it the transaction.
        `delete chain inet ${word(operation.table)} ${ownerChain(operation.owner)}`,
        `delete table inet ${word(operation.table)}`,
      ]
  }
}

type TableOperation = Extract<NftOperation, { body: readonly string[] }>

function definition({ table, owner, body }: TableOperation): readonly string[] {
  const mark = `  chain ${ownerChain(owner)} { }`
  return [`table inet ${word(table)} {`, mark, ...body.map((line) => `  ${line}`), '}']
}

/** An empty chain, whose name says who made the table (a comment cannot be asked for in a transaction). */
export function ownerChain(owner: string): string {
  return word(`owner-${owner}`)
}

type ElementOperation = Extract<NftOperation, { set: string }>

function element({ table, set, key, data }: ElementOperation): string {
  return `inet ${word(table)} ${word(set)} { ${elementText(key, data)} }`
}

/** An element as it stands between braces: `tcp . 80 : 192.168.0.2 . 80`. */
export function elementText(key: readonly string[], data?: readonly string[]): string {
  return [key, ...(data ? [data] : [])].map((parts) => parts.map(part).join(' . ')).join(' : ')
}

/** Names are quoted: an interface may be called `fwd`, which is a word of nft's language. */
function part(text: string): string {
  const isName = /^[a-z]/i.test(text) && !text.includes(':') && !/^(tcp|udp|sctp)$/.test(text)
  return isName ? `"${word(text)}"` : word(text)
}

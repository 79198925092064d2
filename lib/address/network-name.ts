// The name of a network: safe in a path, a shell, a rule's comment and a store's key, because this is the only way to make one.
import { NetdojoError } from '../errors.ts'
import { quote } from './quote.ts'

declare const kind: unique symbol
export type NetworkName = string & { readonly [kind]: 'NetworkName' }

// Docker's pattern (moby, daemon/names), which sets no bound; a DNS label's is enough for anybody (RFC 1035 2.3.4).
const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const longest = 63

/** @throws NetdojoError `name-malformed` */
export function parseNetworkName(text: string): NetworkName {
  if (typeof text !== 'string') throw malformed(text, 'it is not text')
  if (text.length > longest) throw malformed(text, `it is longer than ${longest} characters`)
  if (!pattern.test(text))
    throw malformed(
      text,
      'only letters, digits, _, . and - are allowed, the first a letter or digit',
    )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where the type is made
  return text as NetworkName
}

function malformed(text: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'name-malformed',
    operation: 'use the network name',
    object: quote(text),
    reason,
    advice: ['choose a name like web or backend-1'],
  })
}

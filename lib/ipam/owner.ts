// Who holds a pool or an address: a word that fits into records and error messages as it is.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'

/** @throws NetdojoError `owner-malformed` */
export function checkOwner(owner: string): void {
  if (typeof owner === 'string' && /^[\x21-\x7e]{1,256}$/.test(owner)) return
  throw new NetdojoError({
    code: 'owner-malformed',
    operation: 'give anything to',
    object: quote(owner),
    reason: 'an owner is 1 to 256 printable ASCII characters without spaces',
    advice: ['pass the id of a network or of an endpoint'],
  })
}

// Reads the names of networks and containers: what passes is safe in a path, a shell, a rule's comment and a store's key.
import { NetdojoError } from '../errors.ts'
import { quote } from './quote.ts'

/**
 * 1 to 63 letters, digits, `_`, `.` or `-`, starting with a letter or digit. The pattern is Docker's (moby, daemon/names),
 * which sets no bound; 63 is the length of a DNS label (RFC 1035 2.3.4).
 */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(value)
}

/** @throws NetdojoError `name-malformed` */
export function parseName(kind: 'network' | 'container', text: string): string {
  if (isName(text)) return text
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the name',
    object: quote(text),
    reason: `a ${kind} name must be 1 to 63 letters, digits, '_', '.' or '-', starting with a letter or digit`,
    advice: ['choose a name like web or backend-1'],
  })
}

/**
 * 1 to 15 letters, digits, `_`, `.` or `-`. Linux accepts more (dev_valid_name in net/core/dev.c), but a shell would need quotes.
 * @throws NetdojoError `name-malformed`
 */
export function parseInterfaceName(text: string): string {
  // /proc/sys/net has directories named all and default beside those of the interfaces.
  const isReserved = ['lo', 'all', 'default'].includes(text)
  if (typeof text === 'string' && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(text) && !isReserved)
    return text
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the interface name',
    object: quote(text),
    reason: isReserved
      ? 'an interface name must not be lo, all or default, which Linux uses itself'
      : "an interface name must be 1 to 15 letters, digits, '_', '.' or '-', starting with a letter, digit or '_'",
    advice: ['choose a name like eth1 or web0'],
  })
}

/** `the network web`, or `a network` when the value cannot be a name. */
export function called(kind: 'network' | 'container', value: unknown): string {
  return isName(value) ? `the ${kind} ${value}` : `a ${kind}`
}

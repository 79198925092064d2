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

/** The name of a container is also its host name. @throws NetdojoError `name-malformed` */
export function parseName(kind: 'network' | 'container', text: string): string {
  if (isName(text)) return kind === 'container' ? refuseOther(text) : text
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the name',
    object: quote(text),
    reason: `a ${kind} name must be 1 to 63 letters, digits, '_', '.' or '-', starting with a letter or digit`,
    advice: ['choose a name like web or backend-1'],
  })
}

/**
 * 1 to 63 letters, digits, `-` and dots (RFC 1123 2.1), and `_`, which container names may have.
 * @throws NetdojoError `name-malformed`
 */
export function parseHostName(text: string): string {
  if (typeof text === 'string' && /^[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9_])?$/.test(text))
    return refuseOther(text)
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the host name',
    object: quote(text),
    reason:
      "a host name must be 1 to 63 letters, digits, '_', '.' or '-', starting and ending with a letter, a digit or '_'",
    advice: ['choose a name like web or backend-1'],
  })
}

/** The first lines of every hosts file, and the host by Docker Desktop's names. */
const namesOfOthers =
  /^(localhost[46]?(\.localdomain[46]?)?|.*\.localhost|ip6-(localhost|loopback|localnet|mcastprefix|allnodes|allrouters|allhosts)|broadcasthost|(host|gateway|kubernetes)\.docker\.internal|host\.containers\.internal)$/i

/** What inet_aton(3) reads as an address: `10.0.0.1`, `10.1`, `0x7f.1`. No resolver looks such a name up. */
const addressLiteral = /^(0x[\da-f]*|\d+)(\.(0x[\da-f]*|\d+)){0,3}$/i

function refuseOther(name: string): string {
  const bare = name.replace(/\.+$/, '')
  const isAddress = addressLiteral.test(bare)
  if (!isAddress && !namesOfOthers.test(bare)) return name
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the name',
    object: quote(name),
    reason: isAddress
      ? 'a host name must not be an IP address, since no program would look it up'
      : 'a container must not have a name that means the machine itself or its host',
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

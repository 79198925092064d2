// Reads and makes MAC addresses that an interface may have: six lower-case octets, unicast, never all zero.
import { createHash } from 'node:crypto'
import { NetdojoError } from '../errors.ts'
import { quote } from './quote.ts'

declare const kind: unique symbol
/** Such as `02:42:ac:11:00:02`. */
export type MacAddress = string & { readonly [kind]: 'MacAddress' }

/**
 * Reads `02:42:AC:11:00:02`; the value is in lower case, as the kernel prints it.
 * @throws NetdojoError `mac-malformed`, also for the addresses that the kernel refuses to give to an interface
 * (`is_valid_ether_addr` in include/linux/etherdevice.h): groups and zero.
 */
export function parseMacAddress(text: string): MacAddress {
  if (typeof text !== 'string' || !/^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text))
    throw malformed(text, 'a MAC address must be six pairs of hexadecimal digits joined by colons')
  const octets = text.split(':').map((octet) => Number.parseInt(octet, 16))
  if (octets.every((octet) => octet === 0))
    throw malformed(text, 'the MAC address of an interface must not be all zero')
  if (((octets[0] ?? 0) & 1) === 1)
    throw malformed(
      text,
      'the first octet of an interface address must be even, since an odd one marks a group address',
    )
  return brand(text.toLowerCase())
}

/** The same address for the same seed: locally administered and unicast (IEEE 802: bits 1 and 0 of the first octet). */
export function macAddressFor(seed: string): MacAddress {
  const octets = createHash('sha256').update(seed).digest().subarray(0, 6)
  octets[0] = ((octets[0] ?? 0) & 0xfc) | 0x02
  return brand(Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':'))
}

function brand(checked: string): MacAddress {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where the type is made
  return checked as MacAddress
}

function malformed(text: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'mac-malformed',
    operation: 'read the MAC address',
    object: quote(text),
    reason,
    advice: ['write it like 02:42:ac:11:00:02'],
  })
}

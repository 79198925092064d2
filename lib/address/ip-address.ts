// Reads and writes IPv4 and IPv6 addresses: a family and an unsigned integer, with one text form for each address (RFC 5952).
import { Address4, Address6 } from 'ip-address'
import { NetdojoError } from '../errors.ts'
import { quote } from './quote.ts'

export type Family = 4 | 6

/** Bits of an address: 32 or 128. */
export function addressBits(family: Family): number {
  return family === 4 ? 32 : 128
}

export class IpAddress {
  readonly family: Family
  /** The address as an unsigned integer, the first octet being the most significant. */
  readonly value: bigint

  /** @throws NetdojoError `address-out-of-range` when `value` does not fit into the family's bits. */
  constructor(family: Family, value: bigint) {
    if (value >> BigInt(addressBits(family)) !== 0n) throw outside(family, value)
    this.family = family
    this.value = value
  }

  /**
   * Reads `192.168.0.1` or `2001:db8::1`: the four decimal numbers of RFC 6943 3.1.1 ('strict'), so neither octal nor
   * shortened forms, and no zone (`%eth0`), prefix length or brackets.
   * @throws NetdojoError `address-malformed`
   */
  static parse(text: string): IpAddress {
    if (typeof text !== 'string') throw malformed(text, 'an address must be a string')
    try {
      if (/^[\d.]{7,15}$/.test(text)) return new IpAddress(4, new Address4(text).bigInt())
      if (/^[\da-f:.]{2,45}$/i.test(text)) return new IpAddress(6, new Address6(text).bigInt())
    } catch (cause) {
      throw malformed(text, text.includes(':') ? ruleOfIpv6 : ruleOfIpv4, cause)
    }
    throw malformed(text, ruleFor(text))
  }

  /** @throws NetdojoError `address-out-of-range` past either end of the family's addresses. */
  plus(offset: bigint): IpAddress {
    return new IpAddress(this.family, this.value + offset)
  }

  equals(other: IpAddress): boolean {
    return this.family === other.family && this.value === other.value
  }

  /** Negative, zero or positive, for sorting: IPv4 before IPv6, then by number. */
  compare(other: IpAddress): number {
    if (this.family !== other.family) return this.family - other.family
    return this.value < other.value ? -1 : Number(this.value > other.value)
  }

  toString(): string {
    const Form = this.family === 4 ? Address4 : Address6
    return Form.fromBigInt(this.value).correctForm()
  }

  toJSON(): string {
    return this.toString()
  }
}

const ruleOfIpv4 =
  'an IPv4 address must be four numbers from 0 to 255 without leading zeros, joined by dots'
const ruleOfIpv6 =
  'an IPv6 address must be eight groups of one to four hexadecimal digits joined by colons, with at most one ::'

function ruleFor(text: string): string {
  if (text.includes('/')) return 'an address must not have a prefix length'
  if (text.includes('%')) return 'an address must not have a zone'
  return 'an address must be four numbers joined by dots (IPv4) or hexadecimal groups joined by colons (IPv6)'
}

function malformed(text: unknown, reason: string, cause?: unknown): NetdojoError {
  return new NetdojoError({
    code: 'address-malformed',
    operation: 'read the address',
    object: quote(text),
    reason,
    advice: ['write it like 192.168.0.2 or 2001:db8::2'],
    cause,
  })
}

function outside(family: Family, value: bigint): NetdojoError {
  return new NetdojoError({
    code: 'address-out-of-range',
    operation: 'make an address from',
    object: `the number ${value}`,
    reason: `an IPv${family} address must be between 0 and 2^${addressBits(family)} - 1`,
  })
}

// Reads a range of addresses of one family, from the first to the last, both included; a range is never empty.
import { NetdojoError } from '../errors.ts'
import { IpAddress } from './ip-address.ts'
import { quote } from './quote.ts'
import { Subnet } from './subnet.ts'

export class AddressRange {
  readonly first: IpAddress
  readonly last: IpAddress

  /** @throws NetdojoError `range-malformed` when the ends are of two families or in the wrong order. */
  constructor(first: IpAddress, last: IpAddress) {
    if (first.family !== last.family)
      throw malformed(
        `${first}-${last}`,
        'both ends of a range must be of the same family, IPv4 or IPv6',
      )
    if (first.compare(last) > 0)
      throw malformed(
        `${first}-${last}`,
        'the first address of a range must not come after the last',
      )
    this.first = first
    this.last = last
  }

  /**
   * Reads `192.168.0.9`, `192.168.0.8-192.168.0.15` or `192.168.0.8/29`.
   * @throws NetdojoError `range-malformed`, or the code of a malformed address or subnet in it.
   */
  static parse(text: string): AddressRange {
    if (typeof text !== 'string') throw malformed(text, 'a range must be a string')
    if (text.includes('/')) return AddressRange.of(Subnet.parse(text))
    const [first = '', last = first, ...rest] = text.split('-')
    if (rest.length > 0) throw malformed(text, 'a range must have one or two ends')
    return new AddressRange(IpAddress.parse(first), IpAddress.parse(last))
  }

  static of(subnet: Subnet): AddressRange {
    return new AddressRange(subnet.first, subnet.last)
  }

  contains(address: IpAddress): boolean {
    return (
      address.family === this.first.family &&
      this.first.compare(address) <= 0 &&
      this.last.compare(address) >= 0
    )
  }

  toString(): string {
    return this.first.equals(this.last) ? `${this.first}` : `${this.first}-${this.last}`
  }

  toJSON(): string {
    return this.toString()
  }
}

function malformed(text: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'range-malformed',
    operation: 'read the range',
    object: quote(text),
    reason,
    advice: ['write it like 192.168.0.8-192.168.0.15, 192.168.0.8/29 or 192.168.0.9'],
  })
}

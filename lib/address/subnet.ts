// Reads and compares subnets in CIDR form: a network address whose host bits are all zero, and a prefix length.
import { NetdojoError } from '../errors.ts'
import { addressBits, IpAddress, type Family } from './ip-address.ts'
import { quote } from './quote.ts'

export class Subnet {
  /** The network address. */
  readonly first: IpAddress
  readonly prefixLength: number

  /** @throws NetdojoError `subnet-malformed` for a bad prefix length, `subnet-host-bits` for an address inside the subnet. */
  constructor(first: IpAddress, prefixLength: number) {
    const bits = addressBits(first.family)
    if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits)
      throw malformed(
        `${first}/${prefixLength}`,
        `the prefix length must be between 0 and ${bits}, not ${prefixLength}`,
      )
    this.first = first
    this.prefixLength = prefixLength
    if ((first.value & (this.size - 1n)) !== 0n) throw hostBits(first, prefixLength)
  }

  /**
   * Reads `192.168.0.0/24` or `2001:db8::/64`.
   * @throws NetdojoError `subnet-malformed`, `subnet-host-bits` or `address-malformed`
   */
  static parse(text: string): Subnet {
    if (typeof text !== 'string') throw malformed(text, 'a subnet must be a string')
    const [address = '', length, ...rest] = text.split('/')
    if (length === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length))
      throw malformed(text, 'a subnet must be an address, a slash and a decimal prefix length')
    return new Subnet(IpAddress.parse(address), Number(length))
  }

  /** The subnet that an interface address such as 192.168.0.7 with prefix length 24 lies in. */
  static containing(address: IpAddress, prefixLength: number): Subnet {
    const hostBits = BigInt(Math.max(0, addressBits(address.family) - prefixLength))
    const network = (address.value >> hostBits) << hostBits
    return new Subnet(new IpAddress(address.family, network), prefixLength)
  }

  get family(): Family {
    return this.first.family
  }

  /** The number of its addresses, with those that no host may use. */
  get size(): bigint {
    return 1n << BigInt(addressBits(this.family) - this.prefixLength)
  }

  /** The last address: in IPv4 the broadcast address (RFC 919), in IPv6 an ordinary address. */
  get last(): IpAddress {
    return this.first.plus(this.size - 1n)
  }

  contains(other: IpAddress | Subnet): boolean {
    if (other.family !== this.family) return false
    if (other instanceof Subnet)
      return other.prefixLength >= this.prefixLength && this.contains(other.first)
    const offset = other.value - this.first.value
    return offset >= 0n && offset < this.size
  }

  /** Two subnets share an address exactly when one contains the other. */
  overlaps(other: Subnet): boolean {
    return this.contains(other) || other.contains(this)
  }

  equals(other: Subnet): boolean {
    return this.prefixLength === other.prefixLength && this.first.equals(other.first)
  }

  toString(): string {
    return `${this.first}/${this.prefixLength}`
  }

  toJSON(): string {
    return this.toString()
  }
}

function malformed(text: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'subnet-malformed',
    operation: 'read the subnet',
    object: quote(text),
    reason,
    advice: ['write it like 192.168.0.0/24 or 2001:db8::/64'],
  })
}

function hostBits(address: IpAddress, prefixLength: number): NetdojoError {
  const meant = Subnet.containing(address, prefixLength)
  return new NetdojoError({
    code: 'subnet-host-bits',
    operation: 'read the subnet',
    object: quote(`${address}/${prefixLength}`),
    reason: `${address} is an address inside ${meant}, and a subnet must start at its network address`,
    advice: [`write ${meant} if you mean the subnet`],
  })
}

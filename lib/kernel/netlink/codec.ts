// Encodes and decodes netlink's messages, attributes and C structs; numbers are little-endian, as on every processor that libc.ts
// supports, unless a field or an attribute is defined in network order (netlink(7)).
import { addressBits, IpAddress } from '../../address/ip-address.ts'
import { AF, NFNL_SUBSYS, NLA } from './constants.ts'

/** A number by its size (`be`: network order; `s`: signed), or that many bytes. */
type Field = keyof typeof numbers | number

type Values<Fields extends Record<string, Field>> = {
  readonly [Name in keyof Fields]: Fields[Name] extends number ? Buffer : number
}

export type Struct<Fields extends Record<string, Field>> = {
  readonly size: number
  /** Fields that are left out are 0. */
  encode(values?: Partial<Values<Fields>>): Buffer
  /** Like `encode`, at the beginning of zeroed bytes. */
  write(bytes: Buffer, values: Partial<Values<Fields>>): void
  decode(bytes: Buffer): Values<Fields>
}

const numbers = {
  u8: { size: 1, read: 'readUInt8', write: 'writeUInt8' },
  u16: { size: 2, read: 'readUInt16LE', write: 'writeUInt16LE' },
  u32: { size: 4, read: 'readUInt32LE', write: 'writeUInt32LE' },
  s32: { size: 4, read: 'readInt32LE', write: 'writeInt32LE' },
  be16: { size: 2, read: 'readUInt16BE', write: 'writeUInt16BE' },
  be32: { size: 4, read: 'readUInt32BE', write: 'writeUInt32BE' },
} as const

/** Describes a C struct by its fields in order; padding is a field of its own. */
export function struct<const Fields extends Record<string, Field>>(fields: Fields): Struct<Fields> {
  const layout: { name: string; field: Field; at: number; end: number }[] = []
  let size = 0
  for (const [name, field] of Object.entries(fields)) {
    const end = size + (typeof field === 'number' ? field : numbers[field].size)
    layout.push({ name, field, at: size, end })
    size = end
  }
  const write = (bytes: Buffer, values: Partial<Values<Fields>>) => {
    for (const { name, field, at } of layout) {
      const value: Buffer | number | undefined = values[name]
      if (typeof value === 'object') bytes.set(value, at)
      else if (value !== undefined && typeof field === 'string')
        bytes[numbers[field].write](value, at)
    }
  }
  return {
    size,
    write,
    encode(values = {}) {
      const bytes = Buffer.alloc(size)
      write(bytes, values)
      return bytes
    },
    decode(bytes) {
      const values: Record<string, Buffer | number> = {}
      for (const { name, field, at, end } of layout)
        values[name] =
          typeof field === 'number' ? bytes.subarray(at, end) : bytes[numbers[field].read](at)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was just read by its own type
      return values as Values<Fields>
    },
  }
}

/** linux/netlink.h: struct nlmsghdr and struct nlattr. */
const nlmsghdr = struct({ length: 'u32', type: 'u16', flags: 'u16', sequence: 'u32', port: 'u32' })
const nlattr = struct({ length: 'u16', type: 'u16' })

export type Message = { readonly type: number; readonly flags: number; readonly body: Buffer }

export type Reply = Message & { readonly sequence: number }

export function encodeMessage({ type, flags, body }: Message, sequence: number): Buffer {
  const length = nlmsghdr.size + body.length
  const bytes = Buffer.alloc(aligned(length))
  nlmsghdr.write(bytes, { length, type, flags, sequence })
  bytes.set(body, nlmsghdr.size)
  return bytes
}

/** The messages of one datagram. */
export function decodeMessages(bytes: Buffer): readonly Reply[] {
  const replies: Reply[] = []
  for (let at = 0; at + nlmsghdr.size <= bytes.length;) {
    const { length, type, flags, sequence } = nlmsghdr.decode(bytes.subarray(at))
    if (length < nlmsghdr.size) break
    replies.push({ type, flags, sequence, body: bytes.subarray(at + nlmsghdr.size, at + length) })
    at += aligned(length)
  }
  return replies
}

export function attribute(type: number, value: Buffer): Buffer {
  const length = nlattr.size + value.length
  const bytes = Buffer.alloc(aligned(length))
  nlattr.write(bytes, { length, type })
  bytes.set(value, nlattr.size)
  return bytes
}

export function nested(type: number, ...attributes: readonly Buffer[]): Buffer {
  return attribute(type | NLA.F_NESTED, Buffer.concat(attributes))
}

export function u8(type: number, value: number): Buffer {
  return attribute(type, Buffer.of(value))
}

export function u32(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return attribute(type, bytes)
}

export function text(type: number, value: string): Buffer {
  return attribute(type, Buffer.from(`${value}\0`))
}

/** Attributes by type; `undefined` and an empty buffer have none. Of two with one type, the last counts. */
export function attributesOf(bytes: Buffer = Buffer.alloc(0)): ReadonlyMap<number, Buffer> {
  return new Map(attributeList(bytes))
}

/** Attributes with their types, in order: a list has several of one type. */
export function attributeList(bytes: Buffer): readonly (readonly [type: number, value: Buffer])[] {
  const found: [number, Buffer][] = []
  for (let at = 0; at + nlattr.size <= bytes.length;) {
    // Not by nlattr.decode, which takes three times as long: a dump of 200 links has 12,000 attributes.
    const length = bytes.readUInt16LE(at)
    if (length < nlattr.size) break
    const type = bytes.readUInt16LE(at + 2) & NLA.TYPE_MASK
    found.push([type, bytes.subarray(at + nlattr.size, at + length)])
    at += aligned(length)
  }
  return found
}

/** Messages and attributes begin at multiples of 4 bytes (NLMSG_ALIGNTO and NLA_ALIGNTO). */
function aligned(length: number): number {
  return (length + 3) & ~3
}

export const families = { 4: AF.INET, 6: AF.INET6 } as const

/** An address as the kernel stores it, in network order. @throws NetdojoError `address-malformed` */
export function addressBytes(text: string): { readonly family: number; readonly bytes: Buffer } {
  const { family, value } = IpAddress.parse(text)
  const digits = addressBits(family) / 4
  const bytes = Buffer.from(value.toString(16).padStart(digits, '0'), 'hex')
  return { family: families[family], bytes }
}

/** linux/rtnetlink.h; `change` is the mask of the flags to change. */
export const ifinfomsg = struct({
  family: 'u8',
  pad: 'u8',
  type: 'u16',
  index: 's32',
  flags: 'u32',
  change: 'u32',
})
export const rtmsg = struct({
  family: 'u8',
  destinationLength: 'u8',
  sourceLength: 'u8',
  tos: 'u8',
  table: 'u8',
  protocol: 'u8',
  scope: 'u8',
  type: 'u8',
  flags: 'u32',
})

/** linux/fib_rules.h. */
export const fib_rule_hdr = struct({
  family: 'u8',
  destinationLength: 'u8',
  sourceLength: 'u8',
  tos: 'u8',
  table: 'u8',
  reserved: 2,
  action: 'u8',
  flags: 'u32',
})

/** linux/if_addr.h. */
export const ifaddrmsg = struct({
  family: 'u8',
  prefix: 'u8',
  flags: 'u8',
  scope: 'u8',
  index: 'u32',
})

/** linux/neighbour.h. */
export const ndmsg = struct({
  family: 'u8',
  pad: 3,
  index: 's32',
  state: 'u16',
  flags: 'u8',
  type: 'u8',
})

/** linux/netfilter/nfnetlink.h: struct nfgenmsg; `resource` is the subsystem of a transaction. */
export const nfgenmsg = struct({ family: 'u8', version: 'u8', resource: 'be16' })

/** The type of a message of one of netfilter's subsystems. */
export function netfilterType(subsystem: keyof typeof NFNL_SUBSYS, message: number): number {
  return (NFNL_SUBSYS[subsystem] << 8) | message
}

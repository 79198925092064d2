// Messages of netlink as bytes: a header, a fixed part, and attributes, each with its length and its type (netlink(7)); in the
// processor's order, which is little-endian wherever libc.ts loads.

export type Message = { readonly type: number; readonly flags: number; readonly body: Buffer }

/** NLM_F_REQUEST and NLM_F_ACK: each request is answered, with an error of 0 when all went well. */
export const request = 0x1 | 0x4
/** NLM_F_CREATE with NLM_F_EXCL: what is there already is refused. */
export const createNew = 0x400 | 0x200
/** NLM_F_CREATE with NLM_F_REPLACE. */
export const createOrReplace = 0x400 | 0x100
/** NLM_F_CREATE alone: what is there already, and equal, is fine. */
export const create = 0x400
/** NLM_F_ROOT and NLM_F_MATCH: all there is. */
export const dump = 0x300

const headerLength = 16
/** NLA_F_NESTED. */
const nestedFlag = 0x8000

export function encode({ type, flags, body }: Message, sequence: number): Buffer {
  const header = Buffer.alloc(headerLength)
  header.writeUInt32LE(headerLength + body.length, 0)
  header.writeUInt16LE(type, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt32LE(sequence, 8)
  return padded(Buffer.concat([header, body]))
}

export type Answer = {
  readonly type: number
  readonly flags: number
  readonly sequence: number
  readonly body: Buffer
}

/** The messages of one datagram. */
export function decode(bytes: Buffer): readonly Answer[] {
  const answers: Answer[] = []
  for (let at = 0; at + headerLength <= bytes.length;) {
    const length = bytes.readUInt32LE(at)
    if (length < headerLength) break
    answers.push({
      type: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 6),
      sequence: bytes.readUInt32LE(at + 8),
      body: bytes.subarray(at + headerLength, at + length),
    })
    at += aligned(length)
  }
  return answers
}

export function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt16LE(4 + value.length, 0)
  header.writeUInt16LE(type, 2)
  return padded(Buffer.concat([header, value]))
}

export function nested(type: number, ...attributes: readonly Buffer[]): Buffer {
  return attribute(type | nestedFlag, Buffer.concat(attributes))
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

/** By type, without the bits that say how it is written. */
export function attributesOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>()
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(at)
    if (length < 4) break
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length))
    at += aligned(length)
  }
  return found
}

function aligned(length: number): number {
  return (length + 3) & ~3
}

function padded(bytes: Buffer): Buffer {
  const rest = aligned(bytes.length) - bytes.length
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(rest)])
}

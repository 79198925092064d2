// Writes the frames of all nodes as one pcapng file (IETF draft-ietf-opsawg-pcapng): interfaces by name, as `host:eth0`, and times in
// nanoseconds.
import type { Frame } from './packet-listener.ts'

export class PcapngWriter {
  readonly #write: (bytes: Buffer) => void
  readonly #interfaces = new Map<string, number>()

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write
    const header = Buffer.alloc(16)
    header.writeUInt32LE(byteOrder, 0)
    header.writeUInt16LE(1, 4)
    // The length of the section; -1 is unknown.
    header.writeBigInt64LE(-1n, 8)
    write(block(types.section, header, option(options.application, 'netdojo')))
  }

  frame(frame: Frame): void {
    const { at, length, bytes, direction } = frame
    const number = this.#interface(frame)
    const head = Buffer.alloc(20)
    head.writeUInt32LE(number, 0)
    head.writeUInt32LE(Number(at >> 32n), 4)
    head.writeUInt32LE(Number(at & 0xffff_ffffn), 8)
    head.writeUInt32LE(bytes.length, 12)
    head.writeUInt32LE(length, 16)
    const flags = Buffer.alloc(4)
    flags.writeUInt32LE(direction === 'in' ? 1 : 2)
    this.#write(
      block(types.packet, Buffer.concat([head, padded(bytes)]), option(options.flags, flags)),
    )
  }

  #interface({ node, ifindex, interface: device, hardware }: Frame): number {
    const key = `${node} ${ifindex}`
    const known = this.#interfaces.get(key)
    if (known !== undefined) return known
    const number = this.#interfaces.size
    this.#interfaces.set(key, number)
    const description = Buffer.alloc(8)
    description.writeUInt16LE(linkType(hardware), 0)
    const nanoseconds = Buffer.from([9])
    const details = [
      option(options.name, `${node}:${device}`),
      option(options.resolution, nanoseconds),
    ]
    this.#write(block(types.interface, description, ...details))
    return number
  }
}

const byteOrder = 0x1a2b3c4d
const types = { section: 0x0a0d0d0a, interface: 1, packet: 6 }
const options = { application: 4, name: 2, resolution: 9, flags: 2 }

/** Devices without an Ethernet header, such as tun, have IP packets (LINKTYPE_RAW). */
export function linkType(hardware: number): number {
  return hardware === 65534 || hardware === 519 ? 101 : 1
}

function block(type: number, body: Buffer, ...details: readonly Buffer[]): Buffer {
  const end = details.length > 0 ? Buffer.alloc(4) : Buffer.alloc(0)
  const content = Buffer.concat([body, ...details, end])
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(content.length + 12, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt32LE(content.length + 12, 0)
  return Buffer.concat([head, content, tail])
}

function option(code: number, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  const head = Buffer.alloc(4)
  head.writeUInt16LE(code, 0)
  head.writeUInt16LE(bytes.length, 2)
  return Buffer.concat([head, padded(bytes)])
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

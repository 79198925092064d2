// Decodes frames by tcpdump, one line each, in the order in which they were given.
import { spawnDaemon, type Daemon } from '../../exec/daemon.ts'
import { linkType } from './pcapng.ts'
import type { Frame } from './packet-listener.ts'

export class Decoder {
  /** One tcpdump for each link type, since tcpdump reads only one. */
  readonly #readers = new Map<number, Reader>()

  /** Frames of one link type are decoded in the order of the calls. */
  decode(frame: Frame): Promise<string> {
    const type = linkType(frame.hardware)
    const reader = this.#readers.get(type) ?? new Reader(type)
    this.#readers.set(type, reader)
    return reader.read(frame)
  }

  async end(): Promise<void> {
    await Promise.all([...this.#readers.values()].map((reader) => reader.end()))
  }
}

class Reader {
  readonly #tcpdump: Daemon
  readonly #waiting: ((line: string) => void)[] = []

  constructor(type: number) {
    // -S: relative sequence numbers would depend on the packets before.
    this.#tcpdump = spawnDaemon('tcpdump', ['-nn', '-t', '-S', '-l', '-r', '-'], {
      input: 'pipe',
      // Further lines of one packet begin with a tab.
      output: (line) => {
        if (!/^\s/.test(line)) this.#waiting.shift()?.(simplified(line))
      },
    })
    // However tcpdump ends, every waiting frame is answered.
    const giveUp = () => {
      for (const answer of this.#waiting.splice(0)) answer('(not decoded)')
    }
    void this.#tcpdump.ended.then(giveUp, giveUp)
    this.#tcpdump.write(fileHeader(type))
  }

  read(frame: Frame): Promise<string> {
    this.#tcpdump.write(record(frame))
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async end(): Promise<void> {
    this.#tcpdump.endInput()
    await this.#tcpdump.ended.catch(() => {})
  }
}

/** Leaves out TCP's numbers, window and options, and lengths of 0 or of ICMP and ARP. */
function simplified(line: string): string {
  const short = line.replace(/^IP6? /, '').replace(/^(ARP), (Request|Reply) /, '$1 $2 ')
  if (!short.includes(': Flags ['))
    return short.replace(/^((?:ARP|.*: ICMP6?\b).*), length \d+$/, '$1')
  return short
    .replaceAll(/, (?:seq \d+(?::\d+)?|ack \d+|win \d+|options \[[^\]]*\])/g, '')
    .replace(/, length 0$/, '')
}

/** pcap-savefile(5), little-endian, with times in nanoseconds. */
function fileHeader(type: number): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b23c4d, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(262144, 16)
  header.writeUInt32LE(type, 20)
  return header
}

function record({ at, bytes, length }: Frame): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(Number(at / 1_000_000_000n), 0)
  header.writeUInt32LE(Number(at % 1_000_000_000n), 4)
  header.writeUInt32LE(bytes.length, 8)
  header.writeUInt32LE(length, 12)
  return Buffer.concat([header, bytes])
}

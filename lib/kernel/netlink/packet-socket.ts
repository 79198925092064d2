// Opens sockets that receive all frames of a network namespace (packet(7)), with the kernel's timestamps, and all steps that nftables
// traces. A socket receives nothing from before it was bound.
import { constants } from 'node:os'
import { struct } from './codec.ts'
import {
  AF,
  ETH_P_ALL,
  MSG,
  NETLINK,
  NFNLGRP,
  PACKET,
  RTNLGRP,
  SIOC,
  SO,
  SOCK,
  SOL,
} from './constants.ts'
import type { Libc } from './libc.ts'

export type ReceivedFrame = {
  /** Nanoseconds since 1970. */
  readonly at: bigint
  /** The interface's index. */
  readonly ifindex: number
  readonly interface: string
  readonly direction: 'in' | 'out'
  /** Whether it is addressed to another host: only sockets that receive everything see it. */
  readonly otherHost: boolean
  readonly hardware: number
  /** On the wire; `bytes` may be fewer. */
  readonly length: number
  readonly bytes: Buffer
}

/** linux/if_packet.h: struct sockaddr_ll; net/if.h: the begin of struct ifreq; linux/time.h: struct __kernel_timespec. */
const sockaddr_ll = struct({
  family: 'u16',
  protocol: 'be16',
  index: 's32',
  hardware: 'u16',
  type: 'u8',
  addressLength: 'u8',
  address: 8,
})
const ifreq = struct({ name: 16, index: 's32', rest: 20 })
const timespec = struct({ seconds: 8, nanoseconds: 8 })
/** linux/netlink.h: struct sockaddr_nl. */
const sockaddr_nl = struct({ family: 'u16', pad: 2, port: 'u32', groups: 'u32' })

/** Frames wait in this buffer while this process is busy; for an ordinary user, the kernel grants less. */
const bufferSize = 8 * 1024 * 1024

/** The common part of both sockets: a descriptor to wait for. */
abstract class ListeningSocket implements Disposable {
  readonly libc: Libc
  readonly descriptor: number

  constructor(libc: Libc, domain: number, protocol: number) {
    this.libc = libc
    this.descriptor = libc.socket(domain, SOCK.RAW | SOCK.CLOEXEC, protocol)
    this.check(this.descriptor)
    const size = Buffer.alloc(4)
    size.writeInt32LE(bufferSize)
    // Only the machine's own root may use the first.
    if (libc.setsockopt(this.descriptor, SOL.SOCKET, SO.RCVBUFFORCE, size, size.length) < 0)
      libc.setsockopt(this.descriptor, SOL.SOCKET, SO.RCVBUF, size, size.length)
  }

  /** @throws Error with the text of errno */
  protected check(result: number): void {
    if (result < 0) throw new Error(this.libc.strerror(this.libc.errno()))
  }

  /** The kernel takes 10 to 20 ms to close a packet socket (synchronize_net): a thread does it. */
  [Symbol.dispose](): void {
    this.libc.closeAsync(this.descriptor)
  }
}

export class PacketSocket extends ListeningSocket {
  readonly #bytes: Buffer
  readonly #from = sockaddr_ll.encode()
  readonly #fromLength = Buffer.alloc(4)
  readonly #time = timespec.encode()
  /** Names of devices by index, also of devices that are gone by now. */
  readonly #names = new Map<number, string>()

  /**
   * In the namespace in which the thread is now.
   * @param snapLength bytes kept of each frame
   * @param filter instructions for the kernel, of 8 bytes each (struct sock_filter)
   */
  constructor(libc: Libc, snapLength: number, filter?: Buffer) {
    // With protocol 0 it receives nothing, so that the filter is attached before the first frame.
    super(libc, AF.PACKET, 0)
    this.#bytes = Buffer.alloc(snapLength)
    try {
      if (filter) this.check(libc.attachFilter(this.descriptor, filter))
      // Asking once before the first packet makes the kernel stamp each packet.
      libc.ioctl(this.descriptor, SIOC.GSTAMPNS, this.#time)
      const everything = sockaddr_ll.encode({ family: AF.PACKET, protocol: ETH_P_ALL })
      this.check(libc.bind(this.descriptor, everything, everything.length))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** @returns undefined when nothing waits. */
  receive(): ReceivedFrame | undefined {
    const { libc, descriptor } = this
    this.#fromLength.writeUInt32LE(this.#from.length)
    const flags = MSG.DONTWAIT | MSG.TRUNC
    const length = libc.recvfrom(
      descriptor,
      this.#bytes,
      this.#bytes.length,
      flags,
      this.#from,
      this.#fromLength,
    )
    if (length < 0) return undefined
    const { index, hardware, type } = sockaddr_ll.decode(this.#from)
    libc.ioctl(descriptor, SIOC.GSTAMPNS, this.#time)
    const { seconds, nanoseconds } = timespec.decode(this.#time)
    return {
      at: seconds.readBigInt64LE() * 1_000_000_000n + nanoseconds.readBigInt64LE(),
      ifindex: index,
      interface: this.#nameOf(index),
      direction: type === PACKET.OUTGOING ? 'out' : 'in',
      otherHost: type === PACKET.OTHERHOST,
      hardware,
      length,
      bytes: Buffer.from(this.#bytes.subarray(0, length)),
    }
  }

  /** Whether the kernel dropped frames since the last call because the buffer was full. */
  lost(): boolean {
    // struct tpacket_stats: packets and drops.
    const [statistics, size] = [Buffer.alloc(8), Buffer.alloc(4)]
    size.writeUInt32LE(statistics.length)
    this.libc.getsockopt(this.descriptor, SOL.PACKET, PACKET.STATISTICS, statistics, size)
    return statistics.readUInt32LE(4) > 0
  }

  /** A device may be renamed. A device that is gone keeps its last name. */
  #nameOf(index: number): string {
    const request = ifreq.encode({ index })
    if (this.libc.ioctl(this.descriptor, SIOC.GIFNAME, request) === 0) {
      const { name } = ifreq.decode(request)
      this.#names.set(index, name.toString('utf8', 0, name.indexOf(0)))
    }
    return this.#names.get(index) ?? `if${index}`
  }
}

/** Receives the trace of the packets for which `nftrace` is set. */
export class TraceSocket extends ListeningSocket {
  readonly #bytes = Buffer.alloc(65_536)
  #lost = false

  /** In the namespace in which the thread is now. */
  constructor(libc: Libc) {
    super(libc, AF.NETLINK, NETLINK.NETFILTER)
    try {
      const address = sockaddr_nl.encode({ family: AF.NETLINK })
      this.check(libc.bind(this.descriptor, address, address.length))
      const group = Buffer.alloc(4)
      group.writeInt32LE(NFNLGRP.NFTRACE)
      const join = NETLINK.ADD_MEMBERSHIP
      this.check(libc.setsockopt(this.descriptor, SOL.NETLINK, join, group, group.length))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** A datagram of netlink messages; undefined when nothing waits. */
  receive(): Buffer | undefined {
    const length = this.libc.recv(this.descriptor, this.#bytes, this.#bytes.length, MSG.DONTWAIT)
    if (length >= 0) return Buffer.from(this.#bytes.subarray(0, length))
    // The kernel reports once that the buffer was full; waiting messages can be read after that.
    if (this.libc.errno() !== constants.errno.ENOBUFS) return undefined
    this.#lost = true
    return this.receive()
  }

  lost(): boolean {
    return this.#lost
  }
}

/** Says that something has changed in its namespace, and not what: the groups of both families of netlink that tell of changes. */
export class ChangeSocket extends ListeningSocket {
  readonly #bytes = Buffer.alloc(65_536)

  /** In the namespace in which the thread is now. */
  constructor(libc: Libc, family: 'ROUTE' | 'NETFILTER') {
    super(libc, AF.NETLINK, NETLINK[family])
    try {
      const bits = Object.values(family === 'ROUTE' ? RTNLGRP : changesOfNetfilter)
      const groups = bits.reduce((all, group) => all + 2 ** (group - 1), 0)
      const address = sockaddr_nl.encode({ family: AF.NETLINK, groups })
      this.check(libc.bind(this.descriptor, address, address.length))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** Reads what waits. @returns whether there was anything */
  drain(): boolean {
    let isAny = false
    // At most so many, so that a busy namespace does not hold up the others.
    for (let count = 0; count < 256; count += 1) {
      const { libc, descriptor } = this
      const length = libc.recv(descriptor, this.#bytes, this.#bytes.length, MSG.DONTWAIT)
      // A full buffer has lost messages: something has changed.
      if (length < 0 && libc.errno() !== constants.errno.ENOBUFS) break
      isAny = true
    }
    return isAny
  }
}

const { NFTRACE: _notAChange, ...changesOfNetfilter } = NFNLGRP

// Opens a netlink socket in this or another network namespace, and sends requests on it; a refusal carries the kernel's own
// sentence.
import {
  attributesOf,
  decodeMessages,
  encodeMessage,
  struct,
  type Message,
  type Reply,
} from './codec.ts'
import { AF, MSG, NETLINK, NLM_F, NLMSG, NLMSGERR_ATTR, SOCK, SOL } from './constants.ts'
import { inNamespace, type Libc } from './libc.ts'

/** The kernel refused a request: its errno, with its extended acknowledgement if it sent one. */
export class NetlinkError extends Error {
  readonly errno: number

  constructor(errno: number, message: string) {
    super(message)
    this.errno = errno
  }
}

/** linux/netlink.h: struct nlmsgerr without the request that follows, whose length is that of a header (NETLINK_CAP_ACK). */
const nlmsgerr = struct({ error: 's32', request: 16 })

/** A dump that the kernel marks as inconsistent is asked for again this often. */
const mostDumps = 10

type Family = 'ROUTE' | 'SOCK_DIAG' | 'NETFILTER'

export class NetlinkSocket implements Disposable {
  readonly #libc: Libc
  readonly #socket: number
  readonly #isNetfilter: boolean
  /** The largest datagram of a dump (NLMSG_GOODSIZE and NETLINK's max_recvmsg_len). */
  readonly #buffer = Buffer.alloc(65_536)
  #sequence = 0

  /** @throws Error in the words of `ip`, when the namespace does not exist */
  constructor(libc: Libc, family: Family, netns?: string) {
    this.#libc = libc
    this.#isNetfilter = family === 'NETFILTER'
    this.#socket = inNamespace(libc, netns, () =>
      libc.socket(AF.NETLINK, SOCK.RAW | SOCK.CLOEXEC, NETLINK[family]),
    )
    if (this.#socket < 0) throw this.#failed('socket')
    const on = Buffer.from([1, 0, 0, 0])
    for (const option of [NETLINK.CAP_ACK, NETLINK.EXT_ACK])
      libc.setsockopt(this.#socket, SOL.NETLINK, option, on, on.length)
  }

  /** Sends one request. @returns the replies before its acknowledgement. @throws NetlinkError */
  request(message: Message): readonly Reply[] {
    return this.#exchange(message).slice(0, -1)
  }

  /** Like `request`, for work that takes the kernel a while: the event loop goes on meanwhile. */
  async requestAsync(message: Message): Promise<readonly Reply[]> {
    const bytes = encodeMessage(message, ++this.#sequence)
    const sent = await this.#libc.sendAsync(this.#socket, bytes, bytes.length, 0)
    if (sent < 0) throw new Error('send: the kernel took no message')
    return this.#replies().slice(0, -1)
  }

  /** Asks for all objects of a kind. @throws NetlinkError */
  dump({ type, body }: Omit<Message, 'flags'>): readonly Reply[] {
    const flags = NLM_F.REQUEST | NLM_F.DUMP
    for (let attempt = 1; ; attempt++) {
      const replies = this.#exchange({ type, flags, body })
      const isConsistent = replies.every((reply) => (reply.flags & NLM_F.DUMP_INTR) === 0)
      if (isConsistent || attempt === mostDumps) return replies.slice(0, -1)
    }
  }

  /** Like `dump`, with the first part made in a thread of its own. */
  dumpAsync({ type, body }: Omit<Message, 'flags'>): Promise<readonly Reply[]> {
    return this.requestAsync({ type, flags: NLM_F.REQUEST | NLM_F.DUMP, body })
  }

  /**
   * Sends all messages as one datagram: netfilter applies all of them or none, and rtnetlink goes on after a refusal. The kernel handles
   * them before `send` returns, so that every reply is there by then. @returns the refusals by the index of their message.
   */
  sendAll(messages: readonly Message[]): ReadonlyMap<number, NetlinkError> {
    const first = this.#sequence + 1
    this.#sequence += messages.length
    const bytes = messages.map((message, index) => encodeMessage(message, first + index))
    this.#send(Buffer.concat(bytes))
    const refusals = new Map<number, NetlinkError>()
    for (;;) {
      const replies = this.#receive(MSG.DONTWAIT)
      if (replies.length === 0) return refusals
      for (const reply of replies) {
        const error = reply.type === NLMSG.ERROR ? this.#errorIn(reply) : undefined
        if (error !== undefined) refusals.set(reply.sequence - first, error)
      }
    }
  }

  /**
   * After a transaction of any process in the namespace, closing a netfilter socket waits 12 ms, until the kernel has freed what
   * the transaction removed (RCU; nft_rcv_nl_event in nf_tables_api.c): a thread does it.
   */
  [Symbol.dispose](): void {
    if (this.#isNetfilter) this.#libc.closeAsync(this.#socket)
    else this.#libc.close(this.#socket)
  }

  #exchange(message: Message): readonly Reply[] {
    this.#send(encodeMessage(message, ++this.#sequence))
    return this.#replies()
  }

  #send(bytes: Buffer): void {
    if (this.#libc.send(this.#socket, bytes, bytes.length, 0) < 0) throw this.#failed('send')
  }

  /** All replies; the last is the acknowledgement, or the end of the dump. */
  #replies(): readonly Reply[] {
    const replies: Reply[] = []
    const isLast = ({ type }: Reply) => type === NLMSG.ERROR || type === NLMSG.DONE
    for (;;) {
      replies.push(...this.#receive(0))
      const last = replies.find(isLast)
      const error = last && this.#errorIn(last)
      if (error) throw error
      if (last) return replies
    }
  }

  #receive(flags: number): readonly Reply[] {
    const length = this.#libc.recv(this.#socket, this.#buffer, this.#buffer.length, flags)
    if (length > 0) return decodeMessages(Buffer.from(this.#buffer.subarray(0, length)))
    if (flags === MSG.DONTWAIT) return []
    throw this.#failed('recv')
  }

  /** An acknowledgement is an error of 0; the end of a dump has an errno or 0, and may have nothing at all. */
  #errorIn({ flags, body }: Reply): NetlinkError | undefined {
    const errno = body.length >= 4 ? -body.readInt32LE(0) : 0
    if (errno === 0) return undefined
    const words = this.#libc.strerror(errno)
    if ((flags & NLM_F.ACK_TLVS) === 0) return new NetlinkError(errno, words)
    const attributes = attributesOf(body.subarray(nlmsgerr.size))
    const sentence = attributes.get(NLMSGERR_ATTR.MSG)?.toString().replace(/\0$/, '')
    return new NetlinkError(errno, sentence === undefined ? words : `${words}: ${sentence}`)
  }

  #failed(call: string): Error {
    const errno = this.#libc.errno()
    return Object.assign(new Error(`${call}: ${this.#libc.strerror(errno)}`), { errno })
  }
}

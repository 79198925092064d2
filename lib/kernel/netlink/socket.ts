// A netlink socket, in our own or another network namespace: asks the kernel, and tells what it refuses in the words of its tools.
import { inNamespace } from './in-namespace.ts'
import type { Libc } from './libc.ts'
import { attributesOf, decode, encode, type Answer, type Message } from './message.ts'

/** NETLINK_ROUTE, NETLINK_SOCK_DIAG and NETLINK_NETFILTER. */
const protocols = { route: 0, sockets: 4, netfilter: 12 } as const

const netlinkFamily = 16
const rawSocket = 3
const closeOnExec = 0x80000
/** SOL_NETLINK, with NETLINK_CAP_ACK and NETLINK_EXT_ACK: no copy of the request in the answer, but a sentence. */
const netlinkLevel = 270
const options = [10, 11]
const doNotWait = 0x40
const errorType = 2
const doneType = 3
/** NLM_F_ACK_TLVS. */
const withSentence = 0x200

export class NetlinkSocket implements Disposable {
  readonly #libc: Libc
  readonly #protocol: keyof typeof protocols
  readonly #socket: number
  /** The largest datagram of a dump (NLMSG_GOODSIZE and NETLINK's max_recvmsg_len). */
  readonly #buffer = Buffer.alloc(65_536)
  #sequence = 0

  /** @throws Error in the words of `ip`, when there is no such namespace */
  constructor(libc: Libc, protocol: keyof typeof protocols, netns?: string) {
    this.#libc = libc
    this.#protocol = protocol
    this.#socket = inNamespace(libc, netns, () =>
      libc.socket(netlinkFamily, rawSocket | closeOnExec, protocols[protocol]),
    )
    if (this.#socket < 0) throw new Error(`socket: ${libc.strerror(libc.errno())}`)
    const on = Buffer.from([1, 0, 0, 0])
    for (const option of options) libc.setsockopt(this.#socket, netlinkLevel, option, on, on.length)
  }

  /** What the kernel says against it; `undefined` when it did it. */
  tell(message: Message): string | undefined {
    return this.refusalIn(this.ask(message))
  }

  /** What the kernel says against it in its answers, also at the end of a dump. */
  refusalIn(answers: readonly Answer[]): string | undefined {
    return this.#refusal(answers.find(isError) ?? answers.find(isDone))
  }

  /** As `tell`, for what takes the kernel a while: others go on meanwhile. */
  async tellAsync(message: Message): Promise<string | undefined> {
    return this.refusalIn(await this.askAsync(message))
  }

  /** All that it answers: the messages of a dump, and in the end the acknowledgement. */
  ask(message: Message): readonly Answer[] {
    this.#send(encode(message, ++this.#sequence))
    return this.#answers()
  }

  /** As `ask`, likewise. */
  async askAsync(message: Message): Promise<readonly Answer[]> {
    const bytes = encode(message, ++this.#sequence)
    const sent = await this.#libc.sendAsync(this.#socket, bytes, bytes.length, 0)
    if (sent < 0) throw new Error('send: the kernel took no message')
    return this.#answers()
  }

  /**
   * One transaction: all of it happens, or nothing. The refusals by the index of their message.
   * The kernel does what it is sent before `send` returns, and so its answers are there then.
   */
  tellTogether(messages: readonly Message[]): ReadonlyMap<number, string> {
    const first = this.#sequence + 1
    this.#sequence += messages.length
    this.#send(Buffer.concat(messages.map((message, index) => encode(message, first + index))))
    const refusals = new Map<number, string>()
    for (const answer of this.#pending()) {
      const refusal = isError(answer) ? this.#refusal(answer) : undefined
      if (refusal !== undefined) refusals.set(answer.sequence - first, refusal)
    }
    return refusals
  }

  /**
   * The kernel lets nobody close a socket of netfilter before what a transaction removed is freed, for which it waits for its
   * readers (RCU; nft_rcv_nl_event in nf_tables_api.c), 12 ms.
   */
  [Symbol.dispose](): void {
    if (this.#protocol === 'netfilter') this.#libc.closeAsync(this.#socket)
    else this.#libc.close(this.#socket)
  }

  #send(bytes: Buffer): void {
    if (this.#libc.send(this.#socket, bytes, bytes.length, 0) < 0)
      throw new Error(`send: ${this.#libc.strerror(this.#libc.errno())}`)
  }

  #answers(): readonly Answer[] {
    const answers: Answer[] = []
    while (!answers.some(({ type }) => type === errorType || type === doneType))
      answers.push(...this.#receive(0))
    return answers
  }

  #pending(): readonly Answer[] {
    const answers: Answer[] = []
    for (;;) {
      const more = this.#receive(doNotWait)
      if (more.length === 0) return answers
      answers.push(...more)
    }
  }

  #receive(flags: number): readonly Answer[] {
    const length = this.#libc.recv(this.#socket, this.#buffer, this.#buffer.length, flags)
    if (length > 0) return decode(Buffer.from(this.#buffer.subarray(0, length)))
    if (flags === doNotWait) return []
    throw new Error(`recv: ${this.#libc.strerror(this.#libc.errno())}`)
  }

  /**
   * struct nlmsgerr, or a dump's end: a negative errno, or 0. The former has our header, too, and then, as attribute 1, the kernel's
   * own sentence if it has one.
   */
  #refusal(answer: Answer | undefined): string | undefined {
    const errno = answer && answer.body.length >= 4 ? -answer.body.readInt32LE(0) : 0
    if (!answer || errno === 0) return undefined
    const words = this.#libc.strerror(errno)
    if ((answer.flags & withSentence) === 0) return words
    const sentence = attributesOf(answer.body.subarray(20)).get(1)?.toString().replace(/\0$/, '')
    return sentence === undefined ? words : `${words}: ${sentence}`
  }
}

function isError({ type }: Answer): boolean {
  return type === errorType
}

function isDone({ type }: Answer): boolean {
  return type === doneType
}

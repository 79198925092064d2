// Carries messages as lines of JSON over a stream, both ways; a reader that is slow makes the writer wait.
import type { Duplex } from 'node:stream'

export class Channel<Incoming, Outgoing> {
  readonly #stream: Duplex
  #rest: string[] = []

  /** `onMessage` is called with one message after the other. */
  constructor(stream: Duplex, onMessage: (message: Incoming) => void) {
    this.#stream = stream
    // The other side may end at any time; `closed` tells it.
    stream.on('error', () => {})
    stream.setEncoding('utf8').on('data', (text: string) => {
      let from = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const line = [...this.#rest, text.slice(from, end)].join('')
        this.#rest = []
        from = end + 1
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the other side is ours, and has the same types
        if (line !== '') onMessage(JSON.parse(line) as Incoming)
      }
      if (from < text.length) this.#rest.push(text.slice(from))
    })
  }

  /** @returns whether the other side keeps up; else `drained` tells when it does. */
  send(message: Outgoing): boolean {
    if (!this.#stream.writable) return true
    return this.#stream.write(`${JSON.stringify(message)}\n`)
  }

  drained(): Promise<void> {
    const stream = this.#stream
    if (!stream.writable || !stream.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const settle = () => {
        stream.off('drain', settle).off('close', settle)
        resolve()
      }
      stream.once('drain', settle).once('close', settle)
    })
  }

  /** Stops reading, so that the other side waits. */
  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    this.#stream.resume()
  }

  /** Called when no more messages come. */
  onClosed(closed: () => void): void {
    let isCalled = false
    const once = () => {
      if (isCalled) return
      isCalled = true
      closed()
    }
    this.#stream.once('end', once).once('close', once)
  }

  close(): void {
    this.#stream.destroy()
  }
}

// Writes a log of limited size: a full file becomes `log.1`, the former `log.1` becomes `log.2`, and the oldest goes. As a program it
// writes its standard input: `rotating-log.ts LOG MAX-SIZE MAX-FILES`.
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

export type LogLimits = {
  /** Bytes of each file. */
  readonly maxSize: number
  /** With the one that is written to. */
  readonly maxFiles: number
}

/** The log, and the files that it filled before: `log.1`, `log.2` … */
export const isLog = (name: string) => /^log(\.\d+)?$/.test(name)

/** The length of the whole lines in so many bytes. A negative offset of lastIndexOf would count from the end. */
function lastLineEnd(data: Buffer, room: number): number {
  return room <= 0 ? 0 : data.lastIndexOf('\n', room - 1) + 1
}

export class RotatingLog {
  readonly #path: string
  readonly #limits: LogLimits
  #file = 0
  #size = 0

  constructor(path: string, limits: LogLimits) {
    this.#path = path
    this.#limits = limits
    this.#open()
  }

  /** Files end with a line's end, unless a single line is too long for a file. */
  write(data: Buffer): void {
    for (let rest = data; rest.length > 0;) {
      const room = this.#limits.maxSize - this.#size
      const lines = rest.length <= room ? rest.length : lastLineEnd(rest, room)
      if (lines === 0 && this.#size > 0) {
        this.#rotate()
        continue
      }
      const part = rest.subarray(0, lines === 0 ? room : lines)
      for (let at = 0; at < part.length; at += writeSync(this.#file, part.subarray(at)));
      this.#size += part.length
      rest = rest.subarray(part.length)
    }
  }

  close(): void {
    closeSync(this.#file)
  }

  #open(): void {
    this.#file = openSync(this.#path, 'a', 0o600)
    this.#size = fstatSync(this.#file).size
  }

  #rotate(): void {
    this.close()
    const name = (index: number) => (index === 0 ? this.#path : `${this.#path}.${index}`)
    rmSync(name(this.#limits.maxFiles - 1), { force: true })
    for (let index = this.#limits.maxFiles - 2; index >= 0; index--) {
      try {
        renameSync(name(index), name(index + 1))
      } catch {
        // There are not so many yet.
      }
    }
    this.#open()
  }
}

if (import.meta.main) {
  const [path = '', maxSize, maxFiles] = process.argv.slice(2)
  const log = new RotatingLog(path, { maxSize: Number(maxSize), maxFiles: Number(maxFiles) })
  process.stdin.on('data', (data: Buffer) => log.write(data))
}

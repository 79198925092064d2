// Writes the output of a container to our own streams and to its log.
import { Writable } from 'node:stream'

/** Writes to both. A slow reader slows the container down, as a pipe does. */
export function tee(stream: NodeJS.WritableStream, writeLog?: (data: Buffer) => void): Writable {
  return new Writable({
    write: (data: Buffer, _, done) => {
      writeLog?.(data)
      stream.write(data, () => done())
    },
  })
}

const lookEvery = 5

/**
 * Holds output back until `isTime`, and drops it if that never comes: it is then runc's reason for not starting, which the
 * thrown error says.
 */
export function heldUntil(isTime: () => boolean, next: Writable): Writable {
  let held: Buffer[] | undefined = []
  const release = () => {
    if (held === undefined || !isTime()) return
    for (const data of held) next.write(data)
    held = undefined
    clearInterval(timer)
  }
  const timer = setInterval(release, lookEvery).unref()
  return new Writable({
    write: (data: Buffer, _, done) => {
      release()
      if (held === undefined) next.write(data, () => done())
      else {
        held.push(data)
        done()
      }
    },
    final: (done) => {
      release()
      clearInterval(timer)
      done()
    },
  })
}

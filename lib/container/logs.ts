// Reads the log of a container, and follows it while the container runs; runc passes on each stream separately, so their order is approximate.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadStatus } from './reconcile.ts'

const pauseMilliseconds = 50
const chunk = 65_536

/** @param follow reads the container's status; at the end of the log, reading goes on while that is `running`. */
export async function* readLog(
  directory: string,
  follow: ReadStatus | undefined,
): AsyncGenerator<Buffer> {
  const file = open(join(directory, 'log'))
  if (file === undefined) return
  try {
    for (let position = 0; ;) {
      // The status first, then the rest of the log: the last output is in the file by then.
      const goesOn = follow !== undefined && (await follow()) === 'running'
      for (let length = -1; length !== 0; position += length) {
        const buffer = Buffer.alloc(Math.min(chunk, Math.max(fstatSync(file).size - position, 0)))
        length = readSync(file, buffer, 0, buffer.length, position)
        if (length > 0) yield buffer.subarray(0, length)
      }
      if (!goesOn) return
      await sleep(pauseMilliseconds)
    }
  } finally {
    closeSync(file)
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    return undefined // The log does not exist yet, or was removed.
  }
}

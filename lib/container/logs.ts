// What a container has written, both streams as they came from runc (which passes on each by itself), and what it goes on to write.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadStatus } from './until-ended.ts'

const pauseMilliseconds = 50
const chunk = 65_536

/** @param follow asked for the container's state at the end of what there is; it goes on while that is not an ended one. */
export async function* readLog(
  directory: string,
  follow: ReadStatus | undefined,
): AsyncGenerator<Buffer> {
  const file = open(join(directory, 'log'))
  if (file === undefined) return
  try {
    for (let position = 0; ;) {
      // First whether it goes on, then the rest: what it wrote last is in the file by then.
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
    return undefined // Not yet, or no more.
  }
}

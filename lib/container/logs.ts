// Reads the log of a container, the oldest file first, and follows it while the container runs; runc passes on each stream
// separately, so their order is approximate.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadStatus } from './reconcile.ts'
import { isLog } from './rotating-log.ts'

const pauseMilliseconds = 50
const chunk = 65_536

/** @param follow reads the container's status; at the end of the log, reading goes on while that is `running`. */
export async function* readLog(
  directory: string,
  follow: ReadStatus | undefined,
): AsyncGenerator<Buffer> {
  for (let after: number | undefined; ;) {
    // All are opened before the first is read: a rotation renames them.
    const files = openAfter(directory, after)
    try {
      for (const file of files.slice(0, -1)) yield* rest(file, 0)
      const last = files.at(-1)
      if (last === undefined) return
      let position = 0
      for (after = undefined; after === undefined;) {
        // The status and the name first, then the rest of the file: the last output is in it by then.
        const goesOn = follow !== undefined && (await follow()) === 'running'
        const inode = fstatSync(last).ino
        const isCurrent = statSync(join(directory, 'log'), { throwIfNoEntry: false })?.ino === inode
        for (const data of rest(last, position)) {
          position += data.length
          yield data
        }
        if (!isCurrent && follow !== undefined) after = inode
        else if (!goesOn) return
        else await sleep(pauseMilliseconds)
      }
    } finally {
      for (const file of files) closeSync(file)
    }
  }
}

/** The files that follow the one with this inode, or all if it is gone. */
function openAfter(directory: string, inode: number | undefined): readonly number[] {
  const names = readdirOrEmpty(directory).filter(isLog)
  const age = (name: string) => Number(name.split('.')[1] ?? 0)
  const files = names
    .toSorted((one, other) => age(other) - age(one))
    .flatMap((name) => {
      try {
        return openSync(join(directory, name), 'r')
      } catch {
        return [] // It was removed meanwhile.
      }
    })
  const found = files.findIndex((file) => fstatSync(file).ino === inode)
  for (const file of files.slice(0, found + 1)) closeSync(file)
  return files.slice(found + 1)
}

function readdirOrEmpty(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // It was removed.
  }
}

function* rest(file: number, from: number): Generator<Buffer> {
  for (let position = from, length = -1; length !== 0; position += length) {
    const buffer = Buffer.alloc(Math.min(chunk, Math.max(fstatSync(file).size - position, 0)))
    length = readSync(file, buffer, 0, buffer.length, position)
    if (length > 0) yield buffer.subarray(0, length)
  }
}

// Opens and creates the state file: it appears complete or not at all, only its owner can read it, and a foreign file stays as it is.
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NetdojoError } from '../errors.ts'
import { corruptState, isBusy, stateError } from './sqlite-errors.ts'
import { ensureStateDirectory } from './state-directory.ts'

/** 'ndjo': distinguishes our file from another program's SQLite file. */
const applicationId = 0x6e_64_6a_6f
/** The version of the table and its records: raised by each change that an older netdojo would read wrongly. */
const schemaVersion = 1

export function stateFile(directory: string): string {
  return join(directory, 'state.sqlite')
}

/** Throws what SQLite and the system throw, also for a busy file: the last process to close it locks it for a moment. */
export function openStateFile(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    ensureStateDirectory(dirname(path), basename(path))
    if (!existsSync(path)) create(path)
    refuseDamagedLog(path)
    database = new DatabaseSync(path)
    refuseOtherVersions(database, path)
    database.prepare('SELECT key, value FROM entry')
    return database
  } catch (error) {
    database?.close()
    throw error
  }
}

/** Each transaction checks it again: a newer netdojo may have changed the file in the lifetime of this process. */
export function refuseOtherVersions(database: DatabaseSync, path: string): void {
  // SQLite takes an empty file for a new database. Starting anew there would forget every address that was given.
  const id = pragma(database, 'application_id')
  if (id !== applicationId) throw corruptState(path, 'netdojo did not make this file')
  const version = pragma(database, 'user_version')
  if (version > schemaVersion) throw newer(path, version)
}

/**
 * SQLite ignores a log whose header is damaged, and all that was committed to it: the networks would seem to be gone.
 * The header is 32 bytes that are synced before the first frame (sqlite.org/walformat.html); zeros are a log in which a
 * power cut left nothing.
 */
function refuseDamagedLog(path: string): void {
  const log = `${path}-wal`
  const header = firstBytes(log, 32)
  if (header.every((byte) => byte === 0) || isLogHeader(header)) return
  throw corruptState(
    path,
    `the header of its log ${log} is damaged: the last changes cannot be read`,
  )
}

/** Returns no bytes when the file is missing or shorter: the last process to close the state removes the log. */
function firstBytes(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count)
  try {
    const descriptor = openSync(path, 'r')
    const size = readSync(descriptor, bytes, 0, count, 0)
    closeSync(descriptor)
    return size === count ? bytes : Buffer.alloc(0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

function isLogHeader(header: Buffer): boolean {
  // The lowest bit of the magic number says in which byte order the checksums were made.
  const magic = header.readUInt32BE(0)
  if (magic !== 0x37_7f_06_82 && magic !== 0x37_7f_06_83) return false
  const word = (index: number) =>
    magic & 1 ? header.readUInt32BE(4 * index) : header.readUInt32LE(4 * index)
  let [first, second] = [0, 0]
  for (let index = 0; index < 6; index += 2) {
    first = (first + word(index) + second) >>> 0
    second = (second + word(index + 1) + first) >>> 0
  }
  return first === header.readUInt32BE(24) && second === header.readUInt32BE(28)
}

/**
 * Creates the file under another name and then links it, so that it is complete when it appears. Of several processes
 * that do so at once one wins, and the others use its file.
 */
function create(path: string): void {
  const draft = `${path}.${crypto.randomUUID()}`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    const database = new DatabaseSync(draft)
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = ${schemaVersion};
      CREATE TABLE entry (
        key TEXT NOT NULL PRIMARY KEY,
        value ANY NOT NULL CHECK (typeof(value) IN ('text', 'blob'))
      ) STRICT;
    `)
    database.close()
    linkUnlessThere(draft, path)
    syncDirectory(dirname(path))
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  }
}

/** The name of a new file survives a power cut only after its directory was synced (fsync(2)). */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

function newer(path: string, version: number): NetdojoError {
  return new NetdojoError({
    code: 'state-newer',
    operation: 'use the state in',
    object: path,
    reason: `a newer netdojo wrote it: its format has version ${version}, and this netdojo reads up to ${schemaVersion}`,
    advice: [
      'use the newer netdojo; the file was not changed',
      'or use another state directory with this one',
    ],
  })
}

const longestPause = 64

/**
 * Repeats the attempt until other processes release the file, without blocking this process. The pauses double, as in
 * Ethernet: 64 processes that ask every few milliseconds leave no processor time to the one that has the lock.
 */
export async function whenFree<T>(path: string, busySeconds: number, attempt: () => T): Promise<T> {
  const until = performance.now() + busySeconds * 1000
  for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw stateError(path, error)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pause))
    }
  }
}

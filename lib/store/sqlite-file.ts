// The state file: it appears whole or not at all, only its owner may read it, and one that is not ours is left as it is.
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NetdojoError } from '../errors.ts'
import { corruptState } from './sqlite-errors.ts'
import { ensureStateDirectory } from './state-directory.ts'

/** 'ndjo': tells our file from another program's SQLite file. */
const applicationId = 0x6e_64_6a_6f
/** Of the table and of the records in it: raised by whatever an older netdojo would read wrongly. */
const schemaVersion = 1

export function stateFile(directory: string): string {
  return join(directory, 'state.sqlite')
}

/** Throws what SQLite and the system throw, a busy file included: whoever closes it last locks it for a moment. */
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

/** Also part of each transaction: a newer netdojo may have come in the lifetime of this process. */
export function refuseOtherVersions(database: DatabaseSync, path: string): void {
  // SQLite takes an empty file for a new database: to start anew there would be to forget every address that was given.
  const id = pragma(database, 'application_id')
  if (id !== applicationId) throw corruptState(path, 'the file is not one that netdojo made')
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

/** None where there is no file: whoever closes the state last removes the log. Fewer where the file is shorter. */
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
 * The file is made under another name and then linked: whoever finds it finds it complete, and of several processes
 * that make it at once one wins and the others use that one.
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

/** The name of a new file survives a power cut only when its directory was synced (fsync(2)). */
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
    reason: `a newer netdojo wrote it (version ${version} of the format, this one knows ${schemaVersion})`,
    advice: [
      'use that newer netdojo; the file was left as it is',
      'or let this one keep its state in another directory',
    ],
  })
}

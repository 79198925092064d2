// Tests the file of the durable store: its mode, durability after kills, many processes, and foreign files.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as assert from 'uvu/assert'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import type { Transaction } from '../../lib/store/store.ts'
import { rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'

const counter = join(import.meta.dirname, 'count.process.ts')

suite('sqlite store', (test) => {
  const inDirectory = (title: string, body: (directory: string) => Promise<void>) =>
    test(title, async () => {
      const directory = newDirectory()
      try {
        await body(directory)
      } finally {
        rmSync(directory, { recursive: true })
      }
    })

  inDirectory('directories are 0700 and files 0600 (0644 in the tutorial)', async (directory) => {
    const inner = join(directory, 'run/netdojo')
    await using store = await openSqliteStore({ directory: inner })
    await store.update((transaction) => transaction.setRecord('a', 1))
    assert.equal([join(directory, 'run'), inner].map(mode), ['700', '700'])
    const files = readdirSync(inner)
    assert.equal(files.toSorted(), ['state.sqlite', 'state.sqlite-shm', 'state.sqlite-wal'])
    for (const file of files) assert.is(mode(join(inner, file)), '600', file)
  })

  inDirectory('committed values are there after the store is opened again', async (directory) => {
    const first = await openSqliteStore({ directory })
    await first.update((transaction) => transaction.setRecord('a', { b: 1 }))
    await first.close()
    await using again = await openSqliteStore({ directory })
    assert.equal(await again.read((transaction) => transaction.record('a')), { b: 1 })
    await rejects(
      'state-unavailable',
      first.read((transaction) => transaction.record('a')),
    )
  })

  inDirectory(
    'garbage, an empty file and half a file are refused and left alone',
    async (directory) => {
      await using whole = await openSqliteStore({ directory: join(directory, 'whole') })
      await whole.update((transaction) => {
        for (let n = 0; n < 50; n++) transaction.setBytes(`page/${n}`, new Uint8Array(2048))
      })
      await whole.close()
      const state = readFileSync(join(directory, 'whole/state.sqlite'))
      const overwritten = Buffer.from(state).fill(0xff, 4096)
      // SQLite notices this damaged schema only when a statement is prepared.
      const misspelt = Buffer.from(state)
      misspelt[misspelt.indexOf('typeof(')] = 0xff
      const contents = [
        Buffer.from('{"subnets": {}}'),
        Buffer.alloc(0),
        Buffer.alloc(8192),
        state.subarray(0, 4096 * 3),
        state.subarray(0, 50),
        overwritten,
        misspelt,
      ]
      for (const [n, content] of contents.entries()) {
        const own = join(directory, `${n}`)
        mkdirSync(own)
        writeFileSync(join(own, 'state.sqlite'), content)
        const error = await rejects('state-corrupt', useState(own))
        assert.match(error.toText(), 'keep a copy of')
        assert.ok(readFileSync(join(own, 'state.sqlite')).equals(content), `file ${n} was changed`)
      }
    },
  )

  inDirectory("another program's database is refused and left alone", async (directory) => {
    const path = join(directory, 'state.sqlite')
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE entry (key, value)')
    other.close()
    const before = readFileSync(path)
    await rejects('state-corrupt', openSqliteStore({ directory }))
    assert.ok(readFileSync(path).equals(before))
  })

  inDirectory(
    'state of a newer netdojo is refused, even when it comes later',
    async (directory) => {
      await using store = await openSqliteStore({ directory })
      await store.update((transaction) => transaction.setRecord('a', 1))
      const path = join(directory, 'state.sqlite')
      const newer = new DatabaseSync(path)
      newer.exec('PRAGMA user_version = 99')
      const update = store.update((transaction) => transaction.setRecord('a', 2))
      const error = await rejects('state-newer', update)
      assert.match(error.message, 'version 99')
      await rejects('state-newer', openSqliteStore({ directory }))
      assert.equal({ ...newer.prepare('SELECT * FROM entry').get() }, { key: 'a', value: '1' })
      newer.close()
    },
  )

  inDirectory(
    'a path that cannot be a state directory is an error, also below /proc',
    async (directory) => {
      const file = join(directory, 'file')
      writeFileSync(file, '')
      for (const path of [file, join(file, 'below')]) {
        const error = await rejects('state-unavailable', openSqliteStore({ directory: path }))
        assert.match(error.message, `${file}: it must be a directory, and it is a file`)
      }
      const error = await rejects('state-unavailable', openSqliteStore({ directory: '/proc/none' }))
      assert.match(error.message, '/proc/none/state.sqlite: no such file or directory')
      mkdirSync(join(directory, 'state.sqlite'))
      await rejects('state-unavailable', openSqliteStore({ directory }))
    },
  )

  inDirectory('a short lock is waited for, and a long one is an error', async (directory) => {
    await using store = await openSqliteStore({ directory, busySeconds: 0.05 })
    await using patient = await openSqliteStore({ directory })
    const other = new DatabaseSync(join(directory, 'state.sqlite'))
    other.exec('BEGIN IMMEDIATE')
    await rejects('state-busy', store.update(writeA))
    assert.is(await store.read((transaction) => transaction.record('a')), undefined)
    const waiting = patient.update(writeA)
    other.exec('ROLLBACK')
    await waiting
    assert.is(await store.read((transaction) => transaction.record('a')), 1)
    other.close()
  })

  inDirectory(
    'opening waits while the last process to close the file has it locked',
    async (directory) => {
      await (await openSqliteStore({ directory })).close()
      const other = new DatabaseSync(join(directory, 'state.sqlite'))
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE')
      await rejects('state-busy', openSqliteStore({ directory, busySeconds: 0.05 }))
      const opening = openSqliteStore({ directory })
      other.close()
      await using store = await opening
      await store.update(writeA)
    },
  )

  inDirectory(
    'processes that make the state at once agree on one, and lose no update',
    async (directory) => {
      const own = join(directory, 'state')
      const each = 25
      const counters = Array.from({ length: 6 }, () => fork(counter, [own, `${each}`]))
      const codes = await Promise.all(counters.map((child) => once(child, 'exit')))
      assert.equal(
        codes.map(([code]: unknown[]) => code),
        counters.map(() => 0),
      )
      await using store = await openSqliteStore({ directory: own })
      assert.is(await store.read((transaction) => transaction.record('n')), 6 * each)
      assert.equal(
        readdirSync(own).filter((name) => !/^state\.sqlite(-wal|-shm)?$/.test(name)),
        [],
      )
    },
  )

  inDirectory(
    'a power cut loses no value that must survive it, and only the latest of the others',
    async (directory) => {
      const own = join(directory, 'own')
      const log = join(own, 'state.sqlite-wal')
      await using store = await openSqliteStore({ directory: own })
      const write = (n: number, survives: 'crash' | 'power-cut') =>
        store.update((transaction) => transaction.setRecord('n', n), { survives })
      await write(1, 'power-cut')
      const synced = statSync(log).size
      for (const n of [2, 3, 4]) await write(n, 'crash')
      const bytes = readFileSync(log)
      assert.ok(bytes.length > synced)
      // The disk may have any part of the unsynced data: up to some byte, or with a hole.
      const step = Math.ceil((bytes.length - synced) / 40)
      const found = new Set<unknown>()
      for (let end = synced; end <= bytes.length; end += step) {
        const hole = Buffer.from(bytes).fill(
          0,
          Math.min(end, bytes.length),
          Math.min(end + 512, bytes.length),
        )
        for (const left of [bytes.subarray(0, end), hole])
          found.add(await afterPowerCut(directory, own, left))
      }
      found.add(await afterPowerCut(directory, own, bytes))
      assert.equal(found, new Set([1, 2, 3, 4]))
      assert.is(await afterPowerCut(directory, own, bytes.subarray(0, synced)), 1)
    },
  )

  inDirectory(
    'a log with a damaged header is refused, because SQLite would ignore its changes',
    async (directory) => {
      const own = join(directory, 'own')
      await using store = await openSqliteStore({ directory: own })
      await store.update(writeA)
      const log = readFileSync(join(own, 'state.sqlite-wal'))
      assert.is(await afterPowerCut(directory, own, log, 'a'), 1)
      for (const index of [0, 5, 17, 31]) {
        const damaged = Buffer.from(log)
        damaged[index] = 0xff - (damaged[index] ?? 0)
        const error = await rejects('state-corrupt', afterPowerCut(directory, own, damaged))
        assert.match(error.reason, 'is damaged: the last changes cannot be read')
      }
    },
  )

  inDirectory(
    'after a kill at any moment, every reported update is there and complete',
    async (directory) => {
      await using store = await openSqliteStore({ directory })
      for (let round = 0; round < 5; round++) {
        const child = fork(counter, [directory, '1000000'])
        const reported = await killLater(child, 5 + Math.random() * 20)
        const [n, twice] = await store.read((transaction) => [
          transaction.record<number>('n') ?? 0,
          transaction.record<number>('twice') ?? 0,
        ])
        assert.is(twice, 2 * n, 'half of an update is there')
        // The child may have committed one more update than it could report.
        assert.ok(n === reported || n === reported + 1, `${n} are there, ${reported} were reported`)
      }
    },
  )
})

/** Reads a record from a copy of the state with this log. */
async function afterPowerCut(
  directory: string,
  own: string,
  log: Uint8Array,
  key = 'n',
): Promise<unknown> {
  const copy = mkdtempSync(join(directory, 'copy-'))
  copyFileSync(join(own, 'state.sqlite'), join(copy, 'state.sqlite'))
  writeFileSync(join(copy, 'state.sqlite-wal'), log, { mode: 0o600 })
  await using store = await openSqliteStore({ directory: copy })
  return store.read((transaction) => transaction.record(key))
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

function writeA(transaction: Transaction): void {
  transaction.setRecord('a', 1)
}

async function useState(directory: string): Promise<void> {
  await using store = await openSqliteStore({ directory })
  await store.read((transaction) => transaction.records('page/'))
}

/** The last count that the child reported. */
async function killLater(child: ChildProcess, reports: number): Promise<number> {
  let last = 0
  child.on('message', (count) => {
    last = Number(count)
    if (--reports < 0) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return last
}

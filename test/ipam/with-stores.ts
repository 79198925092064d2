// Runs a test with each kind of store; the directory of the durable one is removed afterwards.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryStore } from '../../lib/store/memory.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import type { Store } from '../../lib/store/store.ts'
import type { DefineTest } from '../helpers/suite.ts'

export function withStores(test: DefineTest) {
  return (title: string, body: (store: Store) => Promise<void>) => {
    test(`memory: ${title}`, async () => {
      await using store = openMemoryStore()
      await body(store)
    })
    test(`sqlite: ${title}`, () =>
      inDirectory(async (directory) => {
        await using store = await openSqliteStore({ directory })
        await body(store)
      }))
  }
}

export async function inDirectory(
  body: (directory: string) => Promise<void>,
  parent = tmpdir(),
): Promise<void> {
  const directory = mkdtempSync(join(parent, 'netdojo-ipam-'))
  try {
    await body(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

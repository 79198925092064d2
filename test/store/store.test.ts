// Runs the same tests on each kind of store, so that the store in memory behaves like the durable one.
import { rmSync } from 'node:fs'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { openHostMemory, openMemoryStore } from '../../lib/store/memory.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { etcdStore } from '../../lib/store/etcd/etcd.ts'
import { splitStore } from '../../lib/store/split.ts'
import type { Store, Transaction } from '../../lib/store/store.ts'
import { rejects } from '../helpers/expect.ts'
import { suite, type DefineTest } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'
import { hasEtcd, startEtcd, withoutEtcd } from '../helpers/etcd.ts'

if (!hasEtcd) withoutEtcd()
const etcd = hasEtcd ? await startEtcd() : undefined
process.on('exit', () => void etcd?.[Symbol.asyncDispose]())
let prefixes = 0

type WithStore = (body: (store: Store) => Promise<void>) => Promise<void>

suite('store', (test) => {
  describe(test, 'memory', async (body) => {
    await using store = openMemoryStore({ bootId: 'boot-1' })
    await body(store)
  })
  describe(test, 'sqlite', async (body) => {
    const directory = newDirectory()
    try {
      await using store = await openSqliteStore({ directory, bootId: 'boot-1' })
      await body(store)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
  if (!etcd) return
  const openEtcd = () =>
    etcdStore({ endpoints: etcd.endpoints, prefix: `/test/${prefixes++}/`, bootId: 'boot-1' })
  describe(test, 'etcd', async (body) => {
    await using store = openEtcd()
    await body(store)
  })
  describe(test, 'split', async (body) => {
    await using store = splitStore(openHostMemory({ bootId: 'boot-1' }), openEtcd())
    await body(store)
  })
  describe(test, 'the shared part of split', async (body) => {
    await using store = splitStore(openHostMemory({ bootId: 'boot-1' }), openEtcd())
    await body(sharedPart(store))
  })
})

/** A store of its own, whose keys are all in etcd. */
function sharedPart(store: Store): Store {
  const inside = (transaction: Transaction): Transaction => ({
    ...transaction,
    record: (key) => transaction.record(`shared/${key}`),
    bytes: (key) => transaction.bytes(`shared/${key}`),
    records: <T>(prefix: string) =>
      transaction
        .records<T>(`shared/${prefix}`)
        .map(([key, value]) => [key.slice('shared/'.length), value] as const),
    keys: (prefix) =>
      transaction.keys(`shared/${prefix}`).map((key) => key.slice('shared/'.length)),
    setRecord: (key, value) => transaction.setRecord(`shared/${key}`, value),
    setBytes: (key, value) => transaction.setBytes(`shared/${key}`, value),
    delete: (key) => transaction.delete(`shared/${key}`),
  })
  return {
    ...store,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the body of a reader only reads
    read: (body) => store.read((transaction) => body(inside(transaction as Transaction))),
    update: (body, options) => store.update((transaction) => body(inside(transaction)), options),
  }
}

function describe(defineTest: DefineTest, kind: string, withStore: WithStore): void {
  const test = (title: string, body: (store: Store) => Promise<void>) =>
    defineTest(`${kind}: ${title}`, () => withStore(body))

  test('records and bytes come back as they were put', async (store) => {
    const allOctets = Uint8Array.from({ length: 256 }, (_, octet) => octet)
    await store.update((transaction) => {
      transaction.setRecord('a', { text: 'ü\0\n', list: [1, null], nested: { yes: true } })
      transaction.setBytes('b', allOctets)
      transaction.setBytes('empty', new Uint8Array(0))
    })
    await store.read((transaction) => {
      assert.equal(transaction.record('a'), {
        text: 'ü\0\n',
        list: [1, null],
        nested: { yes: true },
      })
      assert.equal(transaction.bytes('b'), allOctets)
      assert.equal(transaction.bytes('empty'), new Uint8Array(0))
      assert.is(transaction.record('nothing'), undefined)
      assert.is(transaction.bytes('nothing'), undefined)
      assert.is(transaction.bootId, 'boot-1')
    })
  })

  test('a prefix selects exactly the keys that start with it, in order', async (store) => {
    await store.update((transaction) => {
      for (const key of ['a/2', 'a', 'b', 'a0', 'a/10', 'a/~', 'A/1'])
        transaction.setRecord(key, key)
    })
    await store.read((transaction) => {
      assert.equal(transaction.keys('a/'), ['a/10', 'a/2', 'a/~'])
      assert.equal(transaction.records('a/1'), [['a/10', 'a/10']])
      assert.equal(transaction.keys('c'), [])
    })
  })

  test('a body that throws changes nothing: overwritten and deleted keys are as before', async (store) => {
    await store.update((transaction) => {
      transaction.setRecord('kept', 1)
      transaction.setBytes('page', new Uint8Array([1]))
    })
    const failure = new Error('of the caller')
    const failed = store.update((transaction) => {
      transaction.setRecord('kept', 2)
      transaction.setRecord('kept', 3)
      transaction.delete('page')
      transaction.setRecord('new', 1)
      throw failure
    })
    assert.is(await failed.catch((error: unknown) => error), failure)
    await store.read((transaction) => {
      assert.is(transaction.record('kept'), 1)
      assert.equal(transaction.bytes('page'), new Uint8Array([1]))
      assert.equal(transaction.keys('n'), [])
    })
  })

  test('bytes that the caller changes later do not change the store', async (store) => {
    const page = new Uint8Array([1])
    await store.update((transaction) => transaction.setBytes('page', page))
    page[0] = 2
    const read = await store.read((transaction) => transaction.bytes('page'))
    assert.equal(read, new Uint8Array([1]))
    read?.fill(3)
    assert.equal(await store.read((transaction) => transaction.bytes('page')), new Uint8Array([1]))
  })

  test('updates that start at the same time happen one after the other', async (store) => {
    await Promise.all(Array.from({ length: 50 }, () => store.update(increment)))
    assert.is(await store.read((transaction) => transaction.record('n')), 50)
  })

  test('invalid keys and values are refused and change nothing', async (store) => {
    for (const key of ['', 'a b', 'ä', 'a\n', 'a\0', 'x'.repeat(513)])
      await rejects(
        'usage',
        store.update((transaction) => transaction.setRecord(key, 1)),
      )
    for (const value of [undefined, () => 1, Symbol('s')])
      await rejects(
        'usage',
        store.update((transaction) => transaction.setRecord('a', value)),
      )
    assert.equal(await store.read((transaction) => transaction.keys('a')), [])
  })

  test('records are never read as bytes, and bytes never as records', async (store) => {
    await store.update((transaction) => {
      transaction.setRecord('record', 1)
      transaction.setBytes('bytes', new Uint8Array([1]))
    })
    await rejects(
      'state-corrupt',
      store.read((transaction) => transaction.record('bytes')),
    )
    await rejects(
      'state-corrupt',
      store.read((transaction) => transaction.bytes('record')),
    )
    await rejects(
      'state-corrupt',
      store.read((transaction) => transaction.records('bytes')),
    )
  })

  test('a transaction cannot be used after its end, and its body cannot be asynchronous', async (store) => {
    let kept: Transaction | undefined
    await store.update((transaction) => {
      kept = transaction
    })
    await rejects(
      'usage',
      store.update(() => kept?.setRecord('late', 1)),
    )
    const asynchronous = store.update(async (transaction) => transaction.setRecord('late', 1))
    await rejects('usage', asynchronous)
    assert.equal(await store.read((transaction) => transaction.keys('late')), [])
  })

  test('a transaction inside another is refused, and the outer one goes on', async (store) => {
    const nested: Promise<unknown>[] = []
    await store.update((transaction) => {
      transaction.setRecord('outer', 1)
      nested.push(
        rejects(
          'usage',
          store.update((inner) => inner.setRecord('inner', 1)),
        ),
      )
      nested.push(
        rejects(
          'usage',
          store.read((inner) => inner.record('outer')),
        ),
      )
      transaction.setRecord('outer', 2)
    })
    assert.is((await Promise.all(nested)).length, 2)
    await store.read((transaction) => {
      assert.is(transaction.record('outer'), 2)
      assert.is(transaction.record('inner'), undefined)
    })
  })

  test('any sequence of operations gives the content of a Map', async (store) => {
    const key = fc.constantFrom('a', 'a/1', 'a/2', 'b')
    const operation = fc.record({ key, value: fc.option(fc.nat(9)), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 20 }), async (operations) => {
        const model = new Map<string, number>()
        await store.update((transaction) => {
          for (const key of ['a', 'b'])
            for (const old of transaction.keys(key)) transaction.delete(old)
        })
        for (const { key, value, fails } of operations) {
          const done = store.update((transaction) => {
            if (value === null) transaction.delete(key)
            else transaction.setRecord(key, value)
            if (fails) throw new Error('undone')
          })
          await done.catch(() => {})
          if (fails) continue
          if (value === null) model.delete(key)
          else model.set(key, value)
        }
        const records = await store.read((transaction) => transaction.records('a'))
        const expected = [...model]
          .filter(([key]) => key.startsWith('a'))
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
        assert.equal(records, expected)
      }),
      { numRuns: 30 },
    )
  })
}

function increment(transaction: Transaction): void {
  transaction.setRecord('n', (transaction.record<number>('n') ?? 0) + 1)
}

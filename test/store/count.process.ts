// Counts in a store as often as requested, and reports each count when it is durable: `count.process.ts DIRECTORY TIMES`.
import { openSqliteStore } from '../../lib/store/sqlite.ts'

const [directory = '', times = ''] = process.argv.slice(2)
for (let time = 0; time < Number(times); time++) {
  // The store is opened for each count, as by separate programs, because opening and closing also take locks.
  await using store = await openSqliteStore({ directory })
  const count = await store.update((transaction) => {
    const n = (transaction.record<number>('n') ?? 0) + 1
    transaction.setRecord('n', n)
    transaction.setRecord('twice', 2 * n)
    return n
  })
  process.send?.(count)
}
process.disconnect()

// Takes the lock of a directory, says so on a line, and keeps it until it is killed.
import { fileLock } from '../../lib/network/lock.ts'

const [directory = ''] = process.argv.slice(2)
await fileLock(directory).hold(async () => {
  console.log('held')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})

// Changes the same networks from several processes at once: no change is partial, no address is given twice, and nothing is lost.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import { openNetworks } from '../../lib/index.ts'
import { audit } from '../helpers/audit.ts'
import { slow } from '../helpers/long.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'
import { namespace, pings } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

const processes = slow ? 6 : 4
const rounds = slow ? 3 : 2

sandboxSuite('concurrency', (test) => {
  test(
    `${processes} processes connect and disconnect at once (libnetwork 1740, 2105)`,
    async () => {
      const stateDirectory = newDirectory()
      await using networks = await openNetworks({ stateDirectory })
      await networks.create({ name: 'busy', subnet: '10.92.0.0/24' })
      const indexes = Array.from({ length: processes }, (_, index) => index)
      for (const index of indexes) namespace(`c${index}`)
      const file = join(import.meta.dirname, 'busy.process.ts')
      const run = promisify(execFile)
      await Promise.all(
        indexes.map((index) =>
          run(process.execPath, [file, stateDirectory, String(index), String(rounds)]),
        ),
      )
      await audit(stateDirectory, 'nftables')
      const endpoints = await networks.endpoints()
      assert.is(endpoints.length, processes)
      assert.is(new Set(endpoints.flatMap(({ addresses }) => addresses)).size, processes)
      for (const { netns } of endpoints) assert.ok(pings(netns, '10.92.0.1'))
      await networks.remove('busy', { force: true })
      await audit(stateDirectory, 'nftables')
    },
    { seconds: 120 },
  )
})

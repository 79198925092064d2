// Finishes a container whose starter is gone; its monitor runs this program: `finisher.ts STATE-DIRECTORY ID`.
import { join } from 'node:path'
import { openNetworks } from '../network/open-networks.ts'
import { finishContainer } from './finish.ts'
import { readExitCode } from './monitor.ts'
import { containerOf } from './records.ts'

const [stateDirectory = '', id = ''] = process.argv.slice(2)
await using networks = await openNetworks({ stateDirectory, follow: false })
const context = {
  networks,
  store: networks.store,
  directory: join(stateDirectory, 'containers'),
  shownDirectory: stateDirectory,
  tools: [],
  finisher: [],
}
const record = await networks.store.read((transaction) => containerOf(transaction, id))
if (record) await finishContainer(context, record, readExitCode(join(context.directory, id)) ?? 0)

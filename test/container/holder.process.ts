// Runs one container and waits to be killed: `holder.process.ts STATE-DIRECTORY`.
import { openContainers, openNetworks } from '../../lib/index.ts'

const [stateDirectory = ''] = process.argv.slice(2)
await using networks = await openNetworks({ stateDirectory })
await using containers = await openContainers({ networks, stateDirectory })
const container = await containers.run({
  name: 'held',
  command: ['sleep', '600'],
  networks: ['n'],
  ports: ['8090:80'],
  autoRemove: true,
})
console.log('running')
await container.wait()

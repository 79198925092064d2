// Runs in the virtual machine of the end-to-end test: one change of its networks by the library, as the words say.
import { openNetworks } from '../../lib/index.ts'

const [verb, subnet] = process.argv.slice(2)

await using networks = await openNetworks({ stateDirectory: '/var/lib/netdojo-e2e' })
if (verb === 'create')
  console.log(await networks.create({ name: 'web', ...(subnet === undefined ? {} : { subnet }) }))
else if (verb === 'connect')
  console.log(await networks.connect('web', { netns: '/run/netns/c1', ports: ['80:80'] }))
else if (verb === 'reconcile') console.log(await networks.reconcile())
else if (verb === 'disconnect')
  for (const { id } of await networks.endpoints('web')) await networks.disconnect('web', id)
else if (verb === 'remove') await networks.remove('web')
else throw new Error(`no verb ${verb}`)

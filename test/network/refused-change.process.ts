// Creates and reads networks without the right to change the kernel's; prints what each attempt says.
import { NetdojoError, batchApplier, openNetworks } from '../../lib/index.ts'

const [stateDirectory = ''] = process.argv.slice(2)
for (const options of [{}, { applier: batchApplier }]) {
  await using networks = await openNetworks({ stateDirectory, ...options })
  const outcome = await networks
    .create({ name: 'web', subnet: '10.77.0.0/24' })
    .catch((error: unknown) => error)
  console.log(outcome instanceof NetdojoError ? outcome.code : outcome)
  console.log((await networks.list()).length)
}

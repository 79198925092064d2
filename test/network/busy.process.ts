// One of many processes that change the same networks at once; prints the addresses that it was given.
import { openNetworks } from '../../lib/index.ts'

const [stateDirectory = '', index = '', rounds = ''] = process.argv.slice(2)

await using networks = await openNetworks({ stateDirectory })
for (let round = 0; round < Number(rounds); round++) {
  const request = { netns: `/run/netns/c${index}`, ports: [`${9000 + Number(index)}:80`, '80'] }
  const endpoint = await networks.connect('busy', request)
  console.log(endpoint.addresses.join())
  if (round + 1 < Number(rounds)) await endpoint.disconnect()
}

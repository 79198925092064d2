// Changes the networks that other processes change at the same time, and prints the addresses that it got.
import { openNetworks } from '../../lib/index.ts'

const [stateDirectory = '', index = '', rounds = ''] = process.argv.slice(2)

await using networks = await openNetworks({ stateDirectory })
for (let round = 0; round < Number(rounds); round++) {
  const request = { netns: `/run/netns/c${index}`, ports: [`${9000 + Number(index)}:80`, '80'] }
  const endpoint = await networks.connect('busy', request)
  console.log(endpoint.addresses.join())
  if (round + 1 < Number(rounds)) await endpoint.disconnect()
}

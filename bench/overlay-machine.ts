// Is one machine of bench/overlay.ts: connects a namespace for each line of its input, and prints when that and each change of its entries
// was done, by the clock that all processes of a machine share.
import { subscribe } from 'node:diagnostics_channel'
import { createInterface } from 'node:readline'
import { openNetworks } from '../lib/index.ts'
import { netlinkApplier } from '../lib/kernel/apply.ts'
import { etcdStore } from '../lib/store/etcd/etcd.ts'

const [stateDirectory = '', endpoint = ''] = process.argv.slice(2)
const now = () => Number(process.hrtime.bigint() / 1000n)
const tell = (event: object) => console.log(JSON.stringify(event))
let requests = 0
subscribe('http.client.request.start', () => void requests++)

await using networks = await openNetworks({
  stateDirectory,
  store: etcdStore({ endpoints: [endpoint] }),
  applier: {
    async apply(plan, options) {
      await netlinkApplier.apply(plan, options)
      const at = now()
      for (const operation of plan)
        if (operation.kind === 'replace-neighbour') tell({ entry: operation.address, at })
    },
    [Symbol.asyncDispose]: () => netlinkApplier[Symbol.asyncDispose](),
  },
})
tell({ open: true })
for await (const line of createInterface({ input: process.stdin })) {
  const [word = '', netns = ''] = line.split(' ')
  const [from, before, asked] = [now(), process.cpuUsage(), requests]
  if (word === 'create')
    await networks.create({ name: 'wide', driver: 'overlay', subnet: '10.80.0.0/16' })
  if (word === 'connect') {
    const { addresses } = await networks.connect('wide', { netns })
    const at = now()
    const { user, system } = process.cpuUsage(before)
    const cost = { busy: (user + system) / 1000, requests: requests - asked }
    tell({ connected: addresses[0]?.split('/')[0], from, at, ...cost })
  } else tell({ done: word, from, at: now() })
}

// Makes one change and kills itself at the requested moment, before or after an operation or a write.
import { openNetworks } from '../../lib/index.ts'
import type { Applier } from '../../lib/kernel/plan.ts'
import { netlinkApplier } from '../../lib/kernel/apply.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import type { Store } from '../../lib/store/store.ts'

const [stateDirectory = '', firewall = '', change = '', fatal = ''] = process.argv.slice(2)
let moment = 0
let isCounting = false

/** Ends the process as a power cut would: no handler runs, nothing is flushed. */
function passMoment(): void {
  if (isCounting && moment++ === Number(fatal)) process.kill(process.pid, 'SIGKILL')
}

/** The usual applier, with a moment before and after each single operation. */
const applier: Applier = {
  async apply(plan, options) {
    for (const operation of plan) {
      passMoment()
      await netlinkApplier.apply([operation], options)
      passMoment()
    }
  },
  [Symbol.asyncDispose]: async () => {},
}

const inner = await openSqliteStore({ directory: stateDirectory })
const store: Store = {
  ...inner,
  async update(body) {
    passMoment()
    const result = await inner.update(body)
    passMoment()
    return result
  },
}

await using networks = await openNetworks({
  store,
  applier,
  firewall: firewall === 'iptables' ? 'iptables' : 'nftables',
})
isCounting = true
await changes()[change]?.()
console.log(`moments ${moment}`)

function changes(): Record<string, () => Promise<unknown>> {
  const request = { netns: '/run/netns/c1', ports: ['8080:80', '5353:53/udp', '90'] }
  return {
    create: () =>
      networks.create({ name: 'crash', subnet: '10.88.0.0/24', subnet6: 'fd00:88::/64' }),
    connect: () => networks.connect('crash', request),
    disconnect: async () => {
      const [endpoint] = await networks.endpoints({ network: 'crash' })
      await endpoint?.disconnect()
    },
    'take over': () => networks.connect('fast', { netns: request.netns, gatewayPriority: 1 }),
    lose: () => networks.reconcile(),
    'hand over': async () => {
      const [endpoint] = await networks.endpoints({ network: 'fast' })
      await endpoint?.disconnect()
    },
    remove: () => networks.remove('crash', { force: true }),
  }
}

// Connects a namespace to the overlay network `wide`, and kills itself at the moment that NETDOJO_MOMENT counts: before and after each
// commit in etcd and each change of the kernel.
import { openNetworks } from '../../lib/index.ts'
import { netlinkApplier } from '../../lib/kernel/apply.ts'
import { Session } from '../../lib/store/etcd/session.ts'

const [stateDirectory = '', namespace = ''] = process.argv.slice(2)
let left = Number(process.env.NETDOJO_MOMENT)

function moment(): void {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

// oxlint-disable-next-line typescript/unbound-method -- it is called with `this`
const { commit } = Session.prototype
Session.prototype.commit = async function commitOrCrash(this: Session) {
  moment()
  await commit.call(this)
  moment()
}

await using networks = await openNetworks({
  stateDirectory,
  follow: false,
  applier: {
    async apply(plan, options) {
      // Each operation alone, so that a crash can come between them.
      if (options?.tolerant) return netlinkApplier.apply(plan, options)
      for (const [index, operation] of plan.entries()) {
        if (index % 4 === 0) moment()
        await netlinkApplier.apply([operation], options)
      }
      moment()
      return undefined
    },
    [Symbol.asyncDispose]: () => netlinkApplier[Symbol.asyncDispose](),
  },
})
await networks.connect('wide', { netns: `/run/netns/${namespace}` })
console.log('connected')

// Compares random sequences of changes with a model made of maps: the same successes, the same refusals, and the same kernel state at the end.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { NetdojoError, openNetworks, type Networks } from '../../lib/index.ts'
import { audit } from '../helpers/audit.ts'
import { slow } from '../helpers/long.ts'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'
import { namespace, pings } from '../helpers/talk.ts'
import { newDirectory } from '../helpers/directory.ts'

const runs = Number(process.env.NETDOJO_MODEL_RUNS ?? (slow ? 10 : 3))
const names = ['one', 'two', 'three']
const spaces = ['c1', 'c2', 'c3']
const ports = [8080, 8081]

type ModelEndpoint = { id: string; network: string; space: string; port: number | undefined }
type Model = {
  networks: Map<string, { internal: boolean }>
  endpoints: ModelEndpoint[]
}
type Real = { networks: Networks; reopen: () => Promise<void> }
type Command = fc.AsyncCommand<Model, Real>

/** The code of the error that a promise ends with, or 'done'. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof NetdojoError) return error.code
      throw error
    },
  )
}

function command(text: string, run: Command['run']): Command {
  return { check: () => true, run, toString: () => text }
}

function create(name: string, internal: boolean): Command {
  return command(`create ${name}${internal ? ', internal' : ''}`, async (model, { networks }) => {
    const expected = model.networks.has(name) ? 'name-taken' : 'done'
    const subnet = `10.91.${names.indexOf(name)}.0/24`
    assert.is(await outcome(networks.create({ name, subnet, internal })), expected)
    if (expected === 'done') model.networks.set(name, { internal })
  })
}

function connect(name: string, space: string, port: number | undefined): Command {
  return command(`connect ${space} to ${name} ${port ?? ''}`, async (model, { networks }) => {
    const network = model.networks.get(name)
    const isTaken = model.endpoints.some((other) => port !== undefined && other.port === port)
    const expected = !network
      ? 'network-missing'
      : network.internal && port !== undefined
        ? 'port-unusable'
        : model.endpoints.some((other) => other.network === name && other.space === space)
          ? 'already-connected'
          : isTaken
            ? 'port-in-use'
            : 'done'
    const request = { netns: `/run/netns/${space}`, ...(port ? { ports: [`${port}:80`] } : {}) }
    const attempt = networks.connect(name, request)
    assert.is(await outcome(attempt), expected)
    if (expected === 'done') {
      const { id } = await attempt
      model.endpoints.push({ id, network: name, space, port })
    }
  })
}

function disconnect(choice: number): Command {
  return command(`disconnect the ${choice}th`, async (model, { networks }) => {
    const endpoint = model.endpoints[choice % Math.max(1, model.endpoints.length)]
    if (!endpoint) return
    assert.is(await outcome(networks.disconnect(endpoint.network, endpoint.id)), 'done')
    model.endpoints = model.endpoints.filter((other) => other !== endpoint)
  })
}

function remove(name: string, force: boolean): Command {
  return command(`remove ${name}${force ? ' by force' : ''}`, async (model, { networks }) => {
    const isUsed = model.endpoints.some(({ network }) => network === name)
    const expected = !model.networks.has(name)
      ? 'network-missing'
      : isUsed && !force
        ? 'network-in-use'
        : 'done'
    assert.is(await outcome(networks.remove(name, { force })), expected)
    if (expected !== 'done') return
    model.networks.delete(name)
    model.endpoints = model.endpoints.filter(({ network }) => network !== name)
  })
}

const prune = command('prune', async (model, { networks }) => {
  const isUnused = (name: string) => !model.endpoints.some(({ network }) => network === name)
  const unused = [...model.networks.keys()].filter(isUnused)
  assert.equal([...(await networks.prune())].toSorted(), unused.toSorted())
  for (const name of unused) model.networks.delete(name)
})

function loseNamespace(space: string): Command {
  return command(`the namespace ${space} goes and comes anew`, async (model, { networks }) => {
    const gone = model.endpoints.filter((endpoint) => endpoint.space === space)
    sh(`ip netns delete ${space}; ip netns add ${space}`)
    // The kernel cleans up behind the deletion.
    for (const { id } of gone)
      sh(`while ip link show ndv${id.slice(0, 12)} 2>/dev/null; do sleep 0.02; done`)
    const { lost } = await networks.reconcile()
    assert.equal(lost.map(({ id }) => id).toSorted(), gone.map(({ id }) => id).toSorted())
    model.endpoints = model.endpoints.filter((endpoint) => endpoint.space !== space)
  })
}

const flush = command('somebody flushes the firewall', async (model, { networks }) => {
  sh('nft flush ruleset')
  const { repaired } = await networks.reconcile()
  assert.is(repaired.length, model.networks.size > 0 ? 1 : 0)
})

const reopen = command('another process goes on', async (_, real) => real.reopen())

const commands = fc.commands(
  [
    fc.tuple(fc.constantFrom(...names), fc.boolean()).map((args) => create(...args)),
    fc
      .tuple(
        fc.constantFrom(...names),
        fc.constantFrom(...spaces),
        fc.option(fc.constantFrom(...ports), { nil: undefined }),
      )
      .map((args) => connect(...args)),
    fc.nat(5).map(disconnect),
    fc.tuple(fc.constantFrom(...names), fc.boolean()).map((args) => remove(...args)),
    fc.constant(prune),
    fc.constantFrom(...spaces).map(loseNamespace),
    fc.constant(flush),
    fc.constant(reopen),
  ],
  { maxCommands: 25, size: 'max' },
)

sandboxSuite('model', (test) => {
  test(
    `${runs} random sequences of changes end as a model says`,
    async () => {
      let changes = 0
      await fc.assert(
        fc.asyncProperty(commands, async (sequence) => {
          cleanHost()
          for (const space of spaces) namespace(space)
          const stateDirectory = newDirectory()
          const model: Model = { networks: new Map(), endpoints: [] }
          const real: Real = {
            networks: await openNetworks({ stateDirectory }),
            async reopen() {
              await this.networks[Symbol.asyncDispose]()
              this.networks = await openNetworks({ stateDirectory })
            },
          }
          await fc.asyncModelRun(() => ({ model, real }), sequence)
          changes += [...sequence].length
          await audit(stateDirectory, 'nftables')
          for (const endpoint of await real.networks.endpoints()) {
            const network = await real.networks.get(endpoint.network)
            assert.ok(
              pings(endpoint.netns, network.gateway),
              `${endpoint.netns} in ${network.name}`,
            )
          }
          assert.is((await real.networks.endpoints()).length, model.endpoints.length)
          await real.networks[Symbol.asyncDispose]()
        }),
        { numRuns: runs, endOnFailure: true },
      )
      console.log(`model: ${changes} random changes`)
    },
    { seconds: 300 },
  )
})

// Attacks the judge of each broken network with random plausible repairs. A person has looked at each one that it lets through:
// reviewed-repairs.txt lists them. A repair that is let through and not listed fails the test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pMap from 'p-map'
import * as assert from 'uvu/assert'
import { brokenNames, loadBroken } from '../../lib/cli/programs/catalogue.ts'
import type { BrokenNetwork } from '../../lib/fix/broken.ts'
import { readNodeStates } from '../../lib/kernel/state/read.ts'
import type { NodeState } from '../../lib/kernel/state/state.ts'
import { judge } from '../../lib/fix/judge.ts'
import type { Observation } from '../../lib/scenario/probe.ts'
import { build, typeOn } from '../../lib/fix/world.ts'
import { holdWorld } from '../helpers/held-world.ts'
import { slow as isSlow } from '../helpers/long.ts'
import { randomRepairs } from '../helpers/random-repairs.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'

// ATTACKS=100 SEED=7 BROKEN=no-hairpin tries 100 repairs of this network from another seed.
const count = Number(process.env.ATTACKS ?? (isSlow ? 24 : 1))
const seed = Number(process.env.SEED ?? 1)
const names = process.env.BROKEN?.split(',') ?? brokenNames
const reviewed = new Set(
  readFileSync(join(import.meta.dirname, 'reviewed-repairs.txt'), 'utf8').split('\n'),
)

sandboxSuite('random repairs', (test) => {
  for (const name of names)
    test(
      name,
      async () => {
        const broken = await loadBroken(name)
        const repairs = randomRepairs(await statesOf(broken), seed, count)
        const through = await pMap(repairs, (repair) => isRepaired(broken, repair), {
          concurrency: 8,
        })
        const accepted = repairs
          .filter((_, index) => through[index])
          .map((repair) => `${name}: ${repair.replaceAll('\n', ' ;; ')}`)
        if (process.env.VERBOSE) for (const line of accepted) console.log(line)
        assert.equal(
          accepted.filter((line) => !reviewed.has(line)),
          [],
        )
      },
      { seconds: 900 },
    )
})

async function isRepaired(broken: BrokenNetwork, repair: string): Promise<boolean> {
  await using world = await holdWorld()
  await build(broken, world.nodes)
  await typeOn(world.nodes.host, repair)
  // Most repairs leave the symptom: then the other checks need not be asked.
  const [first] = broken.works(world.nodes)
  const holds = (seen: Observation) => first?.expectation.judge(seen).holds === true
  if (!first || !holds(await first.probe.observe({ patience: 500, holds }))) return false
  return (await judge(broken, world.nodes)).repaired
}

/** The state of the broken network, which the repairs are made of. */
async function statesOf(broken: BrokenNetwork): Promise<readonly NodeState[]> {
  await using world = await holdWorld()
  await build(broken, world.nodes)
  const { host, namespace } = world.nodes
  const { stdout } = await host.ask`ip netns list`
  const others = stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
  const nodes = [host, ...others.map(namespace)].map(({ name, target }) => ({
    name,
    netns: target.identity,
  }))
  return (await readNodeStates(nodes, ['routes', 'nft'])).states
}

// Records a broken network for the page: its symptom, what each look at a cause prints, its first repair, and the judgement.
import type { BrokenNetwork } from '../../fix/broken.ts'
import { build, nodesOf, typeOn } from '../../fix/world.ts'
import { play, usualPatience } from '../../scenario/play.ts'
import type { Lab, Scenario } from '../../scenario/scenario.ts'
import { brokenTexts, solutionOf } from '../broken-texts.ts'
import type { Cause, Recording } from '../moments.ts'
import { record } from './record.ts'

/** Runs in a sandbox of its own. @throws NetdojoError if the network cannot be built */
export async function recordBroken(broken: BrokenNetwork, number: number): Promise<Recording> {
  const nodes = nodesOf()
  await build(broken, nodes)
  const texts = brokenTexts(broken, number, nodes, 0)
  const possible = [broken.cause, ...broken.alternatives]
  const causes: Cause[] = []
  for (const { name, statement } of texts.causes) {
    const line = possible.find((each) => each.name === name)?.look ?? ''
    const { stdout, stderr } = await typeOn(nodes.host, line)
    causes.push({ name, statement, look: { line, output: stdout + stderr } })
  }
  const scenario = asScenario(broken)
  const recording = record(scenario, {
    kind: 'broken',
    ...texts,
    causes,
    solution: solutionOf(broken),
  })
  const options = { dialect: 'ip' as const, without: null, patience: usualPatience }
  await play(scenario, { ...options, guide: recording.guide }, recording.emit)
  return recording.ended()
}

/** The way through the broken network as a scenario of three steps. */
function asScenario(broken: BrokenNetwork): Scenario {
  const { name, title, story, topology, solutions } = broken
  const ask = async (lab: Lab, patience: number) => {
    for (const { statement, probe, expectation } of [
      ...broken.works(lab),
      ...broken.unharmed(lab),
    ]) {
      const observe: typeof probe.observe = (wanted) => probe.observe({ ...wanted, patience })
      await lab.check(statement, { ...probe, observe }, expectation)
    }
  }
  return {
    name,
    title,
    about: story,
    topology,
    play: async (lab) => {
      // A check that fails here is not asked again: it shows the symptom.
      await lab.step('The symptom', story, () => ask(lab, 0))
      const [first] = solutions
      const lines = first?.commands.split('\n') ?? []
      await lab.step('How to repair it', first?.title ?? '', async () => {
        for (const line of lines) await lab.host.$(Object.assign([line], { raw: [line] }))
      })
      await lab.step('Does it work again?', '', () => ask(lab, usualPatience))
    },
  }
}

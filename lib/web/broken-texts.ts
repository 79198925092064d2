// Gives the texts of a broken network for its learner; the solution only when it may be seen.
import type { BrokenNetwork, Check, Nodes } from '../fix/broken.ts'
import { shuffled } from '../fix/choose.ts'
import type { BrokenTexts, Solution } from './moments.ts'

/** @param seed gives the order of the causes. */
export function brokenTexts(
  broken: BrokenNetwork,
  number: number,
  nodes: Nodes,
  seed: number,
): BrokenTexts {
  const { name, title, difficulty, story, topology, hints, cause, alternatives } = broken
  const statements = (checks: readonly Check[]) =>
    checks.map(({ statement, probe }) => ({
      statement,
      node: probe.node.name,
      line: probe.line,
    }))
  const causes = shuffled([cause, ...alternatives], seed, (each) => each.name)
  return {
    name,
    number,
    title,
    difficulty,
    story,
    topology,
    works: statements(broken.works(nodes)),
    unharmed: statements(broken.unharmed(nodes)),
    hints,
    causes: causes.map((each) => ({ name: each.name, statement: each.statement, look: null })),
    solution: null,
  }
}

export function solutionOf(broken: BrokenNetwork): Solution {
  const { cause, explanation, fault, solutions: repairs, destructive } = broken
  return { cause: cause.name, explanation, fault, repairs, destructive }
}

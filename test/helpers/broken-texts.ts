// Lists every text of a broken network that a catalogue must have.
import { oneLine } from '../../lib/language/translate.ts'
import type { BrokenNetwork, Nodes } from '../../lib/fix/broken.ts'

/** @param nodes of any world: only the texts of the checks are read. */
export function textsOfBroken(broken: BrokenNetwork, nodes: Nodes): readonly string[] {
  const { title, story, hints, explanation, cause, alternatives, solutions, destructive } = broken
  const checks = [...broken.works(nodes), ...broken.unharmed(nodes)]
  return [
    title,
    story,
    cause.statement,
    ...alternatives.map(({ statement }) => statement),
    ...hints,
    ...checks.map(({ statement }) => statement),
    ...[...solutions, ...destructive].map(({ title }) => title),
    explanation,
  ].map(oneLine)
}

// Every text that a broken network says, as the keys of a catalogue: what has no translation is found before a reader finds it.
import { oneLine } from '../language/translate.ts'
import type { BrokenNetwork, Nodes } from './broken.ts'

/** @param nodes of any world: only the words of the checks are looked at. */
export function spokenBy(broken: BrokenNetwork, nodes: Nodes): readonly string[] {
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

// Asserts that a run of a scenario holds, and compares two runs.
import * as assert from 'uvu/assert'
import { ofType } from '../../lib/cli/programs/scenario/play-all.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'

export function heldIn(events: readonly ScenarioEvent[]): void {
  const [end] = ofType(events, 'scenario-ended')
  const failed = ofType(events, 'check-ended').filter(({ holds }) => !holds)
  assert.is(end?.outcome, 'held', JSON.stringify(failed))
  assert.ok(statementsOf(events).length >= 7)
  const isClassic = ofType(events, 'scenario-started')[0]?.dialect === 'classic'
  if (!isClassic)
    assert.not.ok(linesOf(events).some((line) => /^(brctl|ifconfig|route) /.test(line)))
}

export function statementsOf(events: readonly ScenarioEvent[]): readonly string[] {
  return ofType(events, 'check-started').map(({ statement }) => statement)
}

export function linesOf(events: readonly ScenarioEvent[]): readonly string[] {
  return ofType(events, 'command-started').map(({ line }) => line)
}

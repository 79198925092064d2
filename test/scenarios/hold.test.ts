// Every scenario holds, in both dialects, and both do the same work.
import * as assert from 'uvu/assert'
import { scenarioNames } from '../../lib/cli/catalogue.ts'
import { ofType } from '../../lib/cli/run-quietly.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'
import { withoutClassic } from '../helpers/ablation.ts'
import { eventsOf } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

suite('scenarios hold', (test, slow) => {
  for (const name of scenarioNames) {
    // The pages of the others are compared with a run of theirs anyway.
    const define = name === 'bridge-nat' ? test : slow
    define(name, async () => heldIn(await eventsOf([name])), { seconds: 180 })

    slow(
      `${name}: the classic dialect is held to the same checks`,
      async () => {
        const [ip, classic] = await Promise.all([
          eventsOf([name]),
          eventsOf([name, '--dialect', 'classic']),
        ])
        heldIn(classic)
        assert.equal(statementsOf(classic), statementsOf(ip))
        if (withoutClassic.includes(name)) assert.equal(linesOf(classic), linesOf(ip))
        else assert.not.equal(linesOf(classic), linesOf(ip), 'it has commands of its own')
      },
      { seconds: 180 },
    )
  }
})

function heldIn(events: readonly ScenarioEvent[]): void {
  const [end] = ofType(events, 'scenario-ended')
  const failed = ofType(events, 'check-ended').filter(({ holds }) => !holds)
  assert.is(end?.outcome, 'held', JSON.stringify(failed))
  assert.ok(statementsOf(events).length >= 7)
  const isClassic = ofType(events, 'scenario-started')[0]?.dialect === 'classic'
  if (!isClassic)
    assert.not.ok(linesOf(events).some((line) => /^(brctl|ifconfig|route) /.test(line)))
}

function statementsOf(events: readonly ScenarioEvent[]): readonly string[] {
  return ofType(events, 'check-started').map(({ statement }) => statement)
}

function linesOf(events: readonly ScenarioEvent[]): readonly string[] {
  return ofType(events, 'command-started').map(({ line }) => line)
}

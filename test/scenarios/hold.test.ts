// Every scenario holds, in both dialects, and both do the same work.
import * as assert from 'uvu/assert'
import { scenarioNames } from '../../lib/cli/catalogue.ts'
import { ofType } from '../../lib/cli/run-quietly.ts'
import { withoutClassic } from '../helpers/ablation.ts'
import { eventsOf } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

suite('scenarios hold', (test) => {
  for (const name of scenarioNames) {
    test(
      name,
      async () => {
        const [ip, classic] = await Promise.all([
          eventsOf([name]),
          eventsOf([name, '--dialect', 'classic']),
        ])
        for (const events of [ip, classic]) {
          const [end] = ofType(events, 'scenario-ended')
          assert.is(
            end?.outcome,
            'held',
            JSON.stringify(ofType(events, 'check-ended').filter(({ holds }) => !holds)),
          )
        }
        const statements = [ip, classic].map((events) =>
          ofType(events, 'check-started').map((check) => check.statement),
        )
        assert.ok((statements[0]?.length ?? 0) >= 7)
        assert.equal(statements[0], statements[1], 'the dialects are held to the same checks')
        const lines = (events: typeof ip) =>
          ofType(events, 'command-started').map(({ line }) => line)
        if (withoutClassic.includes(name)) assert.equal(lines(ip), lines(classic))
        else
          assert.not.equal(lines(ip), lines(classic), 'the classic dialect has commands of its own')
        assert.not.ok(lines(ip).some((line) => /^(brctl|ifconfig|route) /.test(line)))
      },
      { seconds: 180 },
    )
  }
})

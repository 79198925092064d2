// Types all commands of a scenario: every goal is then reached, and every check holds.
import * as assert from 'uvu/assert'
import { scenarioNames } from '../../lib/cli/programs/catalogue.ts'
import { eventsOf } from '../helpers/netdojo.ts'
import { robotScript, typedCommands } from '../helpers/robot.ts'
import { suite } from '../helpers/suite.ts'
import { walk } from '../helpers/walk.ts'

// The last scenario uses the library, whose calls nobody types.
const played = scenarioNames.filter((name) => name !== 'bridge-network')

suite('by hand', (_, slow) => {
  for (const name of played)
    slow(name, async () => {
      const { run, script, progress } = walk()
      const events = await eventsOf([name])
      assert.ok(typedCommands(events) > 0)
      const file = script(...robotScript(events))
      const { exitCode, stdout, stderr } = await run([
        name,
        '--by-hand',
        '--plain',
        '--script',
        file,
      ])
      assert.is(exitCode, 0, stdout + stderr)
      assert.match(stdout, `${name} is finished.`)
      // No check failed, and the workshop ran no commands itself.
      assert.not.match(stdout, /This does not hold:|The goal is not reached yet|The workshop ran/)
      assert.ok(progress().scenarios[name]?.finished)
    })
})

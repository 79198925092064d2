// Types all commands of a scenario: every goal is then reached, and every check holds.
import * as assert from 'uvu/assert'
import { eventsOf } from '../helpers/netdojo.ts'
import { playedHere } from '../helpers/playable.ts'
import { robotScript, typedCommands } from '../helpers/robot.ts'
import { suite } from '../helpers/suite.ts'
import { walk } from '../helpers/walk.ts'

// SCENARIO=dnat tries this one only. The scenario bridge-network uses the library, whose calls nobody types.
const played =
  process.env.SCENARIO?.split(',') ?? playedHere.filter((name) => name !== 'bridge-network')

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

// Tests that the site plays a lesson without a command only once, as long as the lesson stays the same.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { verbatim } from '../../lib/language/message.ts'
import { missedChecks } from '../../lib/cli/programs/missed.ts'
import type { Recording } from '../../lib/web/moments.ts'
import { newDirectory } from '../helpers/directory.ts'
import { suite } from '../helpers/suite.ts'

const directory = newDirectory()
const newCache = () => mkdtempSync(join(directory, 'cache-'))

/** A recording of commands, of which the last one is a call of the library. */
function recordingOf(lines: readonly string[], device = 'nd-1'): Recording {
  const all = [...lines, `ip link add ${device} type bridge`].map((line, index) => ({
    command: index + 1,
    node: 'host',
    line,
    typed: index < lines.length,
  }))
  const entries = all.map((each) => ({ kind: 'command' as const, ...each }))
  const steps = [{ step: 1, title: 'A step', text: '', entries }]
  return {
    netdojo: 'recording',
    version: 1,
    moments: [
      { at: 0, kind: 'outline', steps },
      ...all.map(({ typed, ...each }) => ({
        at: 0,
        kind: 'event' as const,
        event: {
          type: 'command-started' as const,
          at: 0,
          typed,
          otherwise: [],
          skipped: false,
          ...each,
        },
      })),
    ],
  }
}

suite('the checks that miss a command', (test) => {
  test('are asked for once, also when a run was interrupted, and again when a command has changed', async () => {
    const asked: number[] = []
    let fails = 0
    const options = {
      directory: newCache(),
      ask: async (_inside: unknown, command: number) => {
        if (command === fails) throw new Error('interrupted')
        asked.push(command)
        const checks = [{ check: command, statement: 's', observed: verbatim('o'), sends: false }]
        const missed = { kind: 'missed' as const, command, checks }
        return { missed, followed: null, error: null }
      },
    }
    const lines = ['ip netns add ns1', 'ip netns add ns2']
    fails = 3
    const error = await missedChecks('x', recordingOf(lines), options).then(() => '', String)
    assert.match(error, /interrupted/)
    fails = 0
    const all = await missedChecks('x', recordingOf(lines), options)
    assert.equal(asked, [1, 2, 3])
    // Calls of the library name their devices by chance.
    assert.equal(await missedChecks('x', recordingOf(lines, 'nd-2'), options), all)
    assert.is(asked.length, 3)
    await missedChecks('x', recordingOf(['ip netns add ns1', 'ip netns add ns3']), options)
    assert.is(asked.length, 6)
  })
})

// Plays a small scenario in a sandbox: numbers of commands, left-out commands, failures, and one-sided checks.
import * as assert from 'uvu/assert'
import { ofType } from '../../lib/cli/programs/scenario/play-all.ts'
import { enterQuietly } from '../../lib/sandbox/enter.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'
import { suite } from '../helpers/suite.ts'

const player = 'test/helpers/play-example.ts'

async function play(options: Readonly<Record<string, unknown>> = {}): Promise<ScenarioEvent[]> {
  const events: ScenarioEvent[] = []
  await enterQuietly([player, JSON.stringify(options)], (line) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the test then looks at shows whether it is one
    events.push(JSON.parse(line) as ScenarioEvent),
  )
  return events
}

suite('play', (test) => {
  let usual: Promise<ScenarioEvent[]> | undefined
  const playUsual = () => (usual ??= play())

  test('commands that work are numbered, those that only show are not', async () => {
    const commands = ofType(await playUsual(), 'command-started')
    assert.equal(
      commands.map(({ command, node, line }) => `${command} ${node} ${line}`),
      [
        '1 host ip netns add ns1',
        "null host echo 'two words' | cat",
        '2 ns1 ip link set lo up',
        '3 ns1 serve 8080 &',
      ],
    )
    assert.equal(commands[2]?.otherwise, [{ node: 'ns1', line: 'ifconfig lo up' }])
  })

  test('a value with spaces, quotes and dollars reaches the program as it is', async () => {
    const shown = ofType(await play({ word: `a 'b' "c" $HOME; exit 9` }), 'command-ended').find(
      ({ command }) => command === null,
    )
    assert.is(shown?.stdout, `a 'b' "c" $HOME; exit 9\n`)
  })

  test('a check that has its opposite in the same run is not one-sided', async () => {
    const [end] = ofType(await playUsual(), 'scenario-ended')
    assert.is(end?.outcome, 'held')
    assert.equal(end?.oneSided, [3])
  })

  test('a command that is left out is emitted, and does not end the run', async () => {
    const events = await play({ without: 2 })
    assert.is(ofType(events, 'command-started').find(({ skipped }) => skipped)?.command, 2)
    const [end] = ofType(events, 'scenario-ended')
    assert.equal([end?.outcome, end?.checks, end?.failed], ['failed', 3, 2])
  })

  test('stopAtFailure ends it at the first check that fails afterwards', async () => {
    const [end] = ofType(await play({ without: 2, stopAtFailure: true }), 'scenario-ended')
    assert.equal([end?.outcome, end?.checks, end?.failed], ['failed', 2, 1])
  })

  test('a command that fails breaks the scenario, with a reason', async () => {
    const [end] = ofType(await play({ word: 'x', broken: true }), 'scenario-ended')
    assert.is(end?.outcome, 'broken')
    assert.match(
      end?.error ?? '',
      /cannot run 'ip link set nonesuch up' on host: exit code 1: Cannot find device/,
    )
  })
})

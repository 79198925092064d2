// Checks that each step of a scenario changes the same in every run, and that --diff and --topology show it.
import * as assert from 'uvu/assert'
import { ofType } from '../../lib/cli/programs/scenario/play-all.ts'
import { changeLine } from '../../lib/observe/difference/difference.ts'
import { eventsOf, netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

async function linesOf(name: string): Promise<readonly string[]> {
  const changed = ofType(await eventsOf([name]), 'network-changed')
  return changed.flatMap(({ step, changes, traffic }) =>
    changes.concat(traffic).map((change) => `${step}. ${changeLine(change)}`),
  )
}

suite('changes', (test, slow) => {
  slow(
    'the same scenario twice: the same lines, those of traffic too',
    async () => {
      const [first, second] = await Promise.all([linesOf('bridge-nat'), linesOf('bridge-nat')])
      assert.ok(first.includes('2. ns1: + route default via 172.18.0.1'), first.join('\n'))
      assert.ok(first.includes('1. host: + bridge br0 (up)'))
      // A check that is repeated counts more packets.
      const counted = (lines: readonly string[]) =>
        lines.map((line) => line.replaceAll(/\d+ packets -> \d+/g, 'packets'))
      assert.equal(counted(first), counted(second))
      assert.not.match(first.join('\n'), /([0-9a-f]{2}:){5}|fe80/)
    },
    { seconds: 120 },
  )

  slow(
    '--diff and --topology show them on the terminal, and nobody else sees them',
    async () => {
      const [shown, plain] = await Promise.all([
        netdojo('scenario', ['veth-pair', '--diff', '--topology']),
        netdojo('scenario', ['veth-pair']),
      ])
      assert.is(shown.exitCode, 0)
      assert.match(shown.stdout, /What this step changed\n {5}.*\n/)
      assert.match(shown.stdout, /host: - veth veth0, moved to ns1|ns1: \+ veth veth0/)
      assert.match(shown.stdout, /│ veth0 +│/)
      assert.not.match(plain.stdout, /What this step changed|│ veth0/)
    },
    { seconds: 120 },
  )

  test('2: where they cannot be used', async () => {
    for (const [args, message] of [
      [['--all', '--diff'], /--diff is for the run of one scenario/],
      [['bridge', '--ablate', '--topology'], /--topology is for the run of one scenario/],
      [['bridge', '--json', '--diff'], /--json always contains/],
    ] as const) {
      const { exitCode, stderr } = await netdojo('scenario', args)
      assert.is(exitCode, 2)
      assert.match(stderr, message)
    }
  })
})

// Checks that `--from` rebuilds the same state that all the steps before give. walk.test.ts continues from such a state.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { difference } from '../../lib/observe/difference/difference.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { suite } from '../helpers/suite.ts'
import { walk } from '../helpers/walk.ts'

const first = {
  masquerade: ['run', 'unreachable', 'run', 'answer', 'no', 'run', 'yes', 'no'],
  // Step 3 asks for the forwarding entries that the bridge has learned.
  bridge: ['run', 'silence', 'run', 'silence', 'run', 'answer', 'answer'],
  // Its first command is for host, and a later one for host2, which must exist by then.
  vxlan: ['run', 'silence', 'run', 'yes', 'silence'],
}

suite('rebuilding', (_, slow) => {
  for (const [place, answers] of [
    ['masquerade:4', first.masquerade],
    ['bridge:3', first.bridge],
    ['vxlan:3', first.vxlan],
  ] as const)
    slow(`${place} has the state of the whole way`, async () => {
      const { data, run, script } = walk()
      const keep = (name: string) => [
        'node',
        'host',
        `$ netdojo snapshot > ${join(data, name)}`,
        'leave',
      ]
      const [scenario] = place.split(':')
      const whole = await run([
        `${scenario}`,
        '--plain',
        '--script',
        script(...answers, ...keep('whole')),
      ])
      assert.is(whole.exitCode, 0, whole.stdout + whole.stderr)
      const quick = await run(['--from', place, '--plain', '--script', script(...keep('quick'))])
      assert.is(quick.exitCode, 0, quick.stdout + quick.stderr)
      const read = (name: string): Snapshot => JSON.parse(readFileSync(join(data, name), 'utf8'))
      const [one, other] = [read('whole'), read('quick')]
      assert.equal(difference(one, other).changes, [])
      assert.equal(difference(other, one).changes, [])
      // Entries that a later question asks for.
      const learnt = ({ nodes }: Snapshot) =>
        nodes.flatMap(({ name, forwarding }) =>
          forwarding.flatMap(({ learned, mac, link }) =>
            learned && mac.startsWith('02:00:00') ? `${name} ${link} ${mac}` : [],
          ),
        )
      assert.equal(learnt(other).toSorted(), learnt(one).toSorted())
      assert.ok(place !== 'bridge:3' || learnt(other).length === 3)
    })
})

// Tests `netdojo topology` and `netdojo snapshot`: each format, from each node, and their refusals.
import * as assert from 'uvu/assert'
import { usualCharset } from '../../lib/observe/topology/canvas.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { output, refusal } from '../helpers/command.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'

sandboxSuite('netdojo topology', (test, slow) => {
  test('every format', async () => {
    for (const [format, part] of [
      ['text', '│ wan '],
      ['svg', '<svg '],
      ['mermaid', 'flowchart LR'],
      ['json', '"cables": ['],
    ] as const) {
      const drawn = await output('topology', '--format', format)
      assert.ok(drawn.includes(part), `${part} in ${drawn}`)
    }
    assert.match(await output('topology', '--ascii'), /\| wan /)
    assert.is(usualCharset({ LC_ALL: 'C' }), 'ascii')
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what follows shows whether it is one
    const snapshot = JSON.parse(await output('snapshot')) as Snapshot
    assert.is(snapshot.version, 1)
    assert.equal(
      snapshot.nodes.map(({ name }) => name),
      ['host', 'outside'],
    )
  })

  slow('a terminal without line-drawing characters gets ASCII', async () => {
    const { stdout } = await netdojo('shell', ['-c', 'LC_ALL=C netdojo topology'])
    assert.match(stdout, /\| wan /)
  })

  slow('another node shows the same world', async () => {
    const { stdout } = await netdojo('shell', [
      '-c',
      'netdojo topology -f json >/run/a; ip netns exec outside netdojo topology -f json >/run/b; cmp /run/a /run/b && echo same',
    ])
    assert.is(stdout, 'same')
  })

  test('2: an unknown format', async () => {
    assert.match(await refusal(2, 'topology', '--format', 'png'), /text, svg, mermaid, json/)
  })
})

// `netdojo topology` and `netdojo snapshot` in the shell of the sandbox: each format, from any node, and what they refuse.
import * as assert from 'uvu/assert'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

suite('netdojo topology', (test, slow) => {
  test('every format, in one shell', async () => {
    const { stdout, exitCode } = await netdojo('shell', [
      '-c',
      `for format in text svg mermaid json; do netdojo topology --format $format || exit; done
       LC_ALL=C netdojo topology; netdojo snapshot`,
    ])
    assert.is(exitCode, 0, stdout)
    for (const part of ['│ wan ', '<svg ', 'flowchart LR', '"cables": [', '| wan '])
      assert.ok(stdout.includes(part), `${part} in ${stdout}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what follows shows whether it is one
    const snapshot = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{\n'))) as Snapshot
    assert.is(snapshot.version, 1)
    assert.equal(
      snapshot.nodes.map(({ name }) => name),
      ['host', 'outside'],
    )
  })

  slow('from another node it is the same world', async () => {
    const { stdout } = await netdojo('shell', [
      '-c',
      'netdojo topology -f json >/run/a; ip netns exec outside netdojo topology -f json >/run/b; cmp /run/a /run/b && echo same',
    ])
    assert.is(stdout, 'same')
  })

  test('2: a format that there is not', async () => {
    const { exitCode, stderr } = await netdojo('netdojo', ['topology', '--format', 'png'])
    assert.is(exitCode, 2)
    assert.match(stderr, /text, svg, mermaid, json/)
  })
})

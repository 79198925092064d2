// What holds for every file: it opens by saying what it is for, and a scenario's picture fits the terminal.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario, scenarioNames } from '../lib/cli/programs/catalogue.ts'
import { suite } from './helpers/suite.ts'

const root = join(import.meta.dirname, '..')

suite('tree', (test) => {
  test('every source file opens with a comment that is a sentence', () => {
    const files = globSync(
      ['{lib,scenarios,test,scripts,bench}/**/*.{ts,js,sh}', 'lib/sandbox/bin/*'],
      { cwd: root },
    )
    assert.ok(files.length > 40)
    const silent = files.filter((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n')
      const first = lines[0]?.startsWith('#!') ? lines[1] : lines[0]
      return !/^(\/\/|#) .{20,}/.test(first ?? '')
    })
    assert.equal(silent, [])
  })

  test('every picture is ASCII and at most 76 columns wide', async () => {
    for (const name of scenarioNames) {
      const { topology } = await loadScenario(name)
      assert.match(topology, /^[\x20-\x7E\n]+$/, name)
      assert.ok(
        topology.split('\n').every((line) => line.length <= 76),
        name,
      )
    }
  })

  test('every event type is documented', () => {
    const source = readFileSync(join(root, 'lib/scenario/events.ts'), 'utf8')
    const types = [...source.matchAll(/readonly type: '([\w-]+)'/g)].map((match) =>
      String(match[1]),
    )
    assert.ok(types.length >= 7)
    const page = readFileSync(join(root, 'docs/events.md'), 'utf8')
    assert.equal(
      types.filter((type) => !page.includes(`\`${type}\``)),
      [],
    )
  })
})

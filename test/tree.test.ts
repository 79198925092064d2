// Tests what holds for every file: it opens with a sentence, imports go downwards, and a scenario's picture fits the terminal.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario, scenarioNames } from '../lib/cli/programs/catalogue.ts'
import { faultOf, circlesOf, importsOf, mayImport, packageFolders } from '../scripts/imports.ts'
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

  test('the tables in docs/ARCHITECTURE.md are those that the import check holds', () => {
    const page = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
    const cells = [...page.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) =>
      row.split('|').map((cell) => cell.trim()),
    )
    const shown = (entry: string) =>
      entry.endsWith('index.ts') ? `\`${entry}\`` : entry.replace(/^lib\//, '').replace(/\.ts$/, '')
    const rowsOf = (columns: number, tick: (name: string) => string) =>
      cells
        .filter((row) => row.length === columns && row[0]?.startsWith('`'))
        .map((row) => [tick(row[0] ?? ''), row.at(-1)])
    assert.equal(
      rowsOf(3, (name) => name.replaceAll('`', '').replace(/\/$/, '')),
      Object.entries(mayImport).map(([name, allowed]) => [
        name,
        allowed.map(shown).join(', ') || 'nothing',
      ]),
    )
    assert.equal(
      rowsOf(2, (name) => name.replaceAll('`', '')),
      Object.entries(packageFolders).map(([name, places]) => [name, places.map(shown).join(', ')]),
    )
  })

  test('an import upwards, of a package in the wrong place, or in a circle is found', () => {
    const faults = (file: string, source: string) => importsOf(file, source).flatMap(faultOf)
    assert.equal(faults('lib/address/subnet.ts', "import type { Fix } from '../fix/index.ts'"), [
      'lib/address/subnet.ts imports lib/fix/index.ts: lib/address may import lib/errors.ts',
    ])
    assert.equal(faults('lib/ipam/pool.ts', "import {\n  execa,\n} from 'execa'"), [
      'lib/ipam/pool.ts imports execa: only lib/exec may',
    ])
    assert.equal(
      faults('lib/observe/a.ts', ['const { x } = await import', "'../cli/x.ts')"].join('(')).length,
      1,
    )
    assert.equal(
      faults('scenarios/bridge.ts', "export { ping } from '../lib/scenario/probes/ping.ts'").length,
      1,
    )
    assert.equal(faults('lib/ipam/pool.ts', "import lodash from 'lodash'"), [
      'lib/ipam/pool.ts imports lodash: only a package of scripts/imports.ts may',
    ])
    assert.equal(
      faults(
        'lib/cli/main.ts',
        "import './x.ts'\nimport { join } from 'node:path'\nimport { run } from '../exec/run.ts'",
      ),
      [],
    )
    const circle = [
      { file: 'lib/address/a.ts', what: 'lib/address/b.ts' },
      { file: 'lib/address/b.ts', what: 'lib/address/a.ts' },
    ]
    assert.equal(circlesOf(['lib/address/a.ts', 'lib/address/b.ts'], circle), [
      'imports in a circle: lib/address/a.ts -> lib/address/b.ts -> lib/address/a.ts',
    ])
    assert.equal(circlesOf(['lib/address/a.ts'], circle.slice(0, 1)), [])
  })
})

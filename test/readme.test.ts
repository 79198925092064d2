// Tests that the README's table lists every scenario; scenarios/pages.test.ts compares its picture with a run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario, scenarioNames } from '../lib/cli/programs/catalogue.ts'
import { suite } from './helpers/suite.ts'

const path = join(import.meta.dirname, '../README.md')

suite('README', (test) => {
  test('the table has every scenario, in order, with its title', async () => {
    const readme = readFileSync(path, 'utf8')
    const rows = await Promise.all(
      scenarioNames.map(async (name) => `| \`${name}\` | ${(await loadScenario(name)).title} |`),
    )
    const flowing = (text: string) => text.replaceAll(/ +/g, ' ')
    assert.ok(flowing(readme).includes(flowing(rows.join('\n'))), rows.join('\n'))
  })
})

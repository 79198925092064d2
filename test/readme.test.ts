// What the README shows is what a run prints: times and ports apart. `UPDATE=1 node test/readme.test.ts` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario, scenarioNames } from '../lib/cli/catalogue.ts'
import { netdojo } from './helpers/netdojo.ts'
import { suite } from './helpers/suite.ts'

const path = join(import.meta.dirname, '../README.md')
const picture = /(<!-- This is a real run[^\n]*-->\n\n```\n)(.*?)(\n```)/s

suite('README', (test) => {
  test('the terminal picture is the end of a real run', async () => {
    const { stdout } = await netdojo('scenario', ['bridge-nat', '--no-color'])
    const end = stdout.slice(stdout.indexOf('3. The way out')).trimEnd()
    const readme = readFileSync(path, 'utf8')
    if (process.env.UPDATE)
      writeFileSync(
        path,
        readme.replace(picture, (_, open, __, close) => `${open}${end}${close}`),
      )
    else assert.fixture(normalised(picture.exec(readme)?.[2] ?? ''), normalised(end))
  })

  test('the table has every scenario, in order, with its title', async () => {
    const readme = readFileSync(path, 'utf8')
    const rows = await Promise.all(
      scenarioNames.map(async (name) => `| \`${name}\` | ${(await loadScenario(name)).title} |`),
    )
    const flowing = (text: string) => text.replaceAll(/ +/g, ' ')
    assert.ok(flowing(readme).includes(flowing(rows.join('\n'))), rows.join('\n'))
  })
})

function normalised(text: string): string {
  return text.replaceAll(/\d+(\.\d+)? (m?s)\b/g, 'N $2').replaceAll(/ \(N s\)/g, '')
}

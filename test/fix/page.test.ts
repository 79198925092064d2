// Compares docs/broken-networks.md with the broken networks. `UPDATE=1 node test/fix/page.test.ts` writes it again.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { brokenNames, loadBroken } from '../../lib/cli/programs/catalogue.ts'
import type { BrokenNetwork, Repair } from '../../lib/fix/broken.ts'
import { nodesOf } from '../../lib/fix/world.ts'
import { oneLine } from '../../lib/language/translate.ts'
import { suite } from '../helpers/suite.ts'

const path = join(import.meta.dirname, '../../docs/broken-networks.md')
const marker = /(?<=<!-- Written by `UPDATE=1[^\n]*-->\n)[^]*/

suite('docs/broken-networks.md', (test) => {
  test('has what scenarios/broken has', async () => {
    const networks = await Promise.all(brokenNames.map(loadBroken))
    const page = readFileSync(path, 'utf8')
    const wanted = page.replace(
      marker,
      () => `\n${table(networks)}\n\n${networks.map(section).join('\n')}`,
    )
    if (process.env.UPDATE) writeFileSync(path, wanted)
    else assert.fixture(page, wanted)
  })
})

function table(networks: readonly BrokenNetwork[]): string {
  const rows = networks.map(({ name, title, difficulty, cause }, index) => [
    `[${index + 1}](#${index + 1}-${name})`,
    '\\*'.repeat(difficulty),
    title,
    cause.statement,
  ])
  return [['', '', 'symptom', 'cause'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

function section(broken: BrokenNetwork, index: number): string {
  const { name, story, fault, cause, solutions, destructive, explanation } = broken
  const nodes = nodesOf()
  const checks = [...broken.works(nodes), ...broken.unharmed(nodes)]
  return [
    `## ${index + 1}. ${name}`,
    oneLine(story),
    block('The fault', fault),
    `What shows it: \`${cause.look}\``,
    oneLine(explanation),
    ...solutions.map(repair('Solution')),
    ...destructive.map(repair('Refused')),
    `Asked after a repair: ${checks.map(({ statement }) => statement).join('; ')}.`,
    '',
  ].join('\n\n')
}

function repair(kind: string) {
  return ({ title, commands }: Repair) => block(`${kind}: ${title}`, commands)
}

function block(title: string, commands: string): string {
  return `${title}:\n\n\`\`\`\n${commands}\n\`\`\``
}

// Holds docs/glossary.md to the glossary of the workshop. `UPDATE=1 node test/workshop/glossary.test.ts` writes it.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { loadScenario, scenarioNames } from '../../lib/cli/programs/catalogue.ts'
import { translator } from '../../lib/language/translate.ts'
import { glossary, hooksPicture, isIn } from '../../lib/workshop/glossary.ts'
import { suite } from '../helpers/suite.ts'

const file = join(import.meta.dirname, '../../docs/glossary.md')

suite('glossary', (test) => {
  test('docs/glossary.md is the glossary, in both languages', async () => {
    const zh = await translator('zh')
    const page = [
      '# Glossary',
      '',
      'The terms of the course. In the workshop, the key `g` explains the terms of the current step.',
      '',
      ...glossary.flatMap(({ term, meaning }) => [`**${term}** — ${meaning}`, '']),
      '## The hooks',
      '',
      'A packet passes these places on its way through the kernel. The rules of a chain are applied at its hook.',
      '',
      '```',
      hooksPicture.replace(/^\n/, ''),
      '```',
      '',
      '## 术语',
      '',
      ...glossary.flatMap(({ term, meaning }) => [`**${zh(term)}** — ${zh(meaning)}`, '']),
    ].join('\n')
    if (process.env.UPDATE) writeFileSync(file, page)
    assert.is(readFileSync(file, 'utf8'), page)
  })

  test('each scenario has an ending, and terms to explain', async () => {
    for (const name of scenarioNames) {
      const { about, ending } = await loadScenario(name)
      assert.is(ending?.learnt.length, 3, name)
      assert.is(ending?.engine.length, 3, name)
      assert.ok(glossary.filter((entry) => isIn(entry, about)).length > 0, name)
    }
  })
})

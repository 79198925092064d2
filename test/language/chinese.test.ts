// The Chinese catalogues against the sources: what readers say and why packets end is all there; test/scenarios/pages.test.ts has what runs say.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { scenarioNames } from '../../lib/cli/programs/catalogue.ts'
import { oneLine, translatorOf } from '../../lib/language/translate.ts'
import catalogue from '../../lib/language/zh/index.ts'
import library from '../../lib/language/zh/library.ts'
import { scenarios } from '../../lib/language/zh/scenarios/index.ts'
import { placeholders, reasonsIn, saidIn } from '../helpers/texts.ts'
import { suite } from '../helpers/suite.ts'

suite('Chinese', (test) => {
  test('every scenario has a file, and a text is in one of them only', () => {
    assert.equal(Object.keys(scenarios), [...scenarioNames])
    const keys = Object.values(scenarios).flatMap((texts) => Object.keys(texts))
    assert.equal(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    )
  })

  test('the same values stand in both languages, and a key is as the code asks for it', () => {
    for (const [english, chinese] of Object.entries(catalogue)) {
      assert.equal(placeholders(chinese), placeholders(english), english)
      assert.is(oneLine(english), english)
      assert.is.not(chinese, '', english)
    }
  })

  test('what the readers say has its Chinese', () => {
    const said = sources.flatMap((file) =>
      saidIn(readFileSync(join(root, file), 'utf8')).map((text) => `${file}: ${text}`),
    )
    assert.ok(said.length > 30)
    assert.equal(
      said.filter((text) => !Object.hasOwn(catalogue, text.slice(text.indexOf(': ') + 2))),
      [],
    )
  })

  test('why a packet ended has its Chinese', () => {
    const files = globSync('lib/observe/journey/{conversations,death*,rewriting,tell}.ts', {
      cwd: root,
    })
    const reasons = files.flatMap((file) => reasonsIn(readFileSync(join(root, file), 'utf8')))
    assert.ok(reasons.length > 40, String(reasons.length))
    assert.equal(
      reasons.filter(
        (reason) =>
          !han.test(translate(reason)) || /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(translate(reason)),
      ),
      [],
    )
  })

  test('the parts of the library are called what the Chinese translates', () => {
    const code = globSync('lib/{driver,container}/**/*.ts', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n')
    const titles = [...code.matchAll(/(?:title:\s*|Title = |tell\(\s*)'([^']+)'/g)].map(
      ([, title]) => title,
    )
    assert.ok(titles.length >= 14, titles.join('\n'))
    assert.equal(
      Object.keys(library).filter((title) => !titles.includes(title)),
      [],
    )
  })
})

const root = join(import.meta.dirname, '../..')
const translate = translatorOf(catalogue)
const han = /\p{Script=Han}/u
const sources = globSync(
  [
    'lib/scenario/render/**/*.ts',
    'lib/observe/journey/text.ts',
    'lib/cli/programs/{inside,scenario/*}.ts',
  ],
  { cwd: root },
)

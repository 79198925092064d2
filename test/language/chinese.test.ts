// Compares the Chinese catalogues with the sources: every text that the code translates has its Chinese, and no text is unused.
// test/scenarios/pages.test.ts does the same for what the scenarios say, test/fix/texts.test.ts for the broken networks.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import {
  brokenNames,
  loadBroken,
  loadScenario,
  scenarioNames,
} from '../../lib/cli/programs/catalogue.ts'
import { pictureLabels } from '../../lib/scenario/render/picture.ts'
import { oneLine } from '../../lib/language/translate.ts'
import broken from '../../lib/language/zh/broken/index.ts'
import catalogue from '../../lib/language/zh/index.ts'
import pictures from '../../lib/language/zh/pictures.ts'
import { scenarios } from '../../lib/language/zh/scenarios/index.ts'
import { literalsIn, placeholders, textsIn } from '../helpers/texts.ts'
import { suite } from '../helpers/suite.ts'

const root = join(import.meta.dirname, '../..')
const sources = globSync('lib/**/*.ts', { cwd: root })
  .filter((file) => !file.startsWith('lib/language/'))
  .map((file) => ({ file, source: readFileSync(join(root, file), 'utf8') }))

suite('Chinese', (test) => {
  test('every scenario has a file, and each text is in one file only', () => {
    assert.equal(Object.keys(scenarios), [...scenarioNames])
    const keys = Object.values(scenarios).flatMap((texts) => Object.keys(texts))
    assert.equal(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    )
  })

  test('each text is in one catalogue only', async () => {
    const files = globSync('lib/language/zh/*.ts', { cwd: root }).filter(
      (file) => !/(index|package)\.ts$/.test(file),
    )
    const keys: string[] = []
    for (const file of files) {
      const { default: texts }: { default: Record<string, string> } = await import(join(root, file))
      keys.push(...Object.keys(texts).filter((key) => !Object.hasOwn(broken, key)))
    }
    assert.ok(keys.length > 300, String(keys.length))
    assert.equal(
      keys.filter((key, index) => keys.indexOf(key) !== index),
      [],
    )
  })

  test('both languages have the same values, and each key has the form that the code looks up', () => {
    for (const [english, chinese] of Object.entries(catalogue)) {
      assert.equal(placeholders(chinese), placeholders(english), english)
      assert.is(oneLine(english), english)
      assert.is.not(chinese, '', english)
    }
  })

  test('punctuation between Chinese characters is full-width', () => {
    const halfWidth = /\p{Script=Han}[,;!?()]|\p{Script=Han}[:](?!\d)|[,;!?()]\p{Script=Han}/u
    assert.equal(
      Object.values(catalogue).filter((text) => halfWidth.test(text)),
      [],
    )
  })

  test('every text that the code translates has its Chinese', () => {
    const texts = sources.flatMap(({ file, source }) =>
      textsIn(source).map((text) => ({ file, text })),
    )
    assert.ok(texts.length > 250, String(texts.length))
    assert.equal(
      texts.filter(({ text }) => needsTranslation(text) && !Object.hasOwn(catalogue, text)),
      [],
    )
  })

  test('each label of several words in a picture has its Chinese, and no other has', async () => {
    const labels = await labelsOfPictures()
    assert.equal(labels.toSorted(), Object.keys(pictures).toSorted())
  })

  test('no Chinese text is unused', () => {
    // commander's own.
    const ofHelp = ['Usage:', 'Arguments:', 'Options:', 'choices']
    const literals = new Set(ofHelp.concat(sources.flatMap(({ source }) => literalsIn(source))))
    const ofScenarios = Object.assign({}, broken, pictures, ...Object.values(scenarios))
    assert.equal(
      Object.keys(catalogue).filter(
        (key) => !literals.has(key) && !Object.hasOwn(ofScenarios, key),
      ),
      [],
    )
  })
})

/** The labels of the hand-made pictures that say something: names, addresses and routes are the same in all languages. */
async function labelsOfPictures(): Promise<readonly string[]> {
  const networks = await Promise.all([
    ...scenarioNames.map(loadScenario),
    ...brokenNames.map(loadBroken),
  ])
  const labels = networks.flatMap(({ topology }) => topology.match(pictureLabels) ?? [])
  const isSaid = (label: string) =>
    /\p{Ll}{2,} /u.test(label) && !/^(default |dev |[\d./]+ )|^\w+\d? [\d.:/]+$/.test(label)
  return [...new Set(labels)].filter(isSaid)
}

/** Leaves out texts that have only values and signs. */
function needsTranslation(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/\{\w+\}/g, ''))
}

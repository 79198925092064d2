// The workshop says nothing that the Chinese catalogue has not: its texts are read from the sources, so a new one is not forgotten.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { oneLine } from '../../lib/language/translate.ts'
import workshop from '../../lib/language/zh/workshop.ts'
import { suite } from '../helpers/suite.ts'

const root = join(import.meta.dirname, '../..')
const chinese: Readonly<Record<string, string>> = workshop

suite('texts of the workshop', (test) => {
  const said = textsOf('lib/workshop', 'lib/cli/programs/workshop')

  test('each is in Chinese', () => {
    assert.ok(said.length > 90, `only ${said.length} were found`)
    assert.equal(
      said.filter((text) => chinese[text] === undefined),
      [],
    )
  })

  test('none is in Chinese that nobody says', () => {
    const states = new Set(['not started', 'started', 'finished'])
    assert.equal(
      Object.keys(chinese).filter((text) => !said.includes(text) && !states.has(text)),
      [],
    )
  })

  test('keys are written as they are looked for', () => {
    for (const english of Object.keys(chinese)) assert.is(oneLine(english), english)
  })

  test('with the same values in it', () => {
    for (const [english, text] of Object.entries(chinese))
      assert.equal(valuesOf(text), valuesOf(english), english)
  })
})

function textsOf(...directories: readonly string[]): string[] {
  return directories.flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => textsIn(readFileSync(join(root, directory, file), 'utf8'))),
  )
}

/** The first argument of `translate(…)`, both of a choice; and what is missing, which is translated where it is told. */
function textsIn(source: string): string[] {
  const calls = source.matchAll(/\btranslate\(\s*(?:\w+ \? ('[^']*')\s*: )?('[^']*')/g)
  const lacks = source.matchAll(/\b(?:notYet|mistake)\(\s*[\w.]+,\s*('[^']*')/g)
  const choices = source.matchAll(/[?:] ('[^']*\{(?:node|name)\}[^']*')/g)
  return [...calls, ...lacks, ...choices]
    .flatMap(([, ...texts]) => texts)
    .flatMap((text) => (text === undefined ? [] : [text.slice(1, -1)]))
}

function valuesOf(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()
}

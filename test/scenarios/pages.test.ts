// One run of every scenario: its pages are the committed ones, and all that it says has its Chinese. `npm run docs` writes the pages anew,
// `UPDATE=1 node test/scenarios/pages.test.ts` the picture in the README.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Chalk } from 'chalk'
import * as assert from 'uvu/assert'
import { pagesOf, playScenarios, type Runs } from '../../lib/cli/programs/scenario/pages.ts'
import { speakEnglish } from '../../lib/language/translate.ts'
import catalogue from '../../lib/language/zh/index.ts'
import { scenarios } from '../../lib/language/zh/scenarios/index.ts'
import { heldIn } from '../helpers/held.ts'
import { terminalRenderer } from '../../lib/scenario/render/terminal.ts'
import { messageKeysOf, sentencesOf } from '../helpers/event-texts.ts'
import { playedHere } from '../helpers/playable.ts'
import { suite } from '../helpers/suite.ts'

const readme = join(import.meta.dirname, '../../README.md')
const picture = /(<!-- This is a real run[^\n]*-->\n\n```\n)(.*?)(\n```)/s
const directory = join(import.meta.dirname, '../../docs/scenarios')

suite('pages', (test) => {
  let runs: Runs = new Map()

  test(
    'docs/scenarios is what a fresh run gives',
    async () => {
      runs = await playScenarios()
      const fresh = await pagesOf(runs, directory)
      const committed = globSync('**/*.*', { cwd: directory })
      assert.equal(committed.toSorted(), [...fresh.keys()].toSorted(), 'npm run docs')
      const stale = [...fresh].flatMap(([path, text]) =>
        firstDifference(path, readFileSync(join(directory, path), 'utf8'), text),
      )
      assert.equal(stale, [], 'npm run docs')
    },
    { seconds: 240 },
  )

  test('every scenario holds', () => {
    assert.equal([...runs.keys()], [...playedHere])
    for (const events of runs.values()) heldIn(events)
  })

  test('the README shows the end of such a run, times and ports apart', () => {
    let whole = ''
    const render = terminalRenderer({
      write: (text) => (whole += text),
      chalk: new Chalk({ level: 0 }),
      verbose: false,
      difference: false,
      translate: speakEnglish,
    })
    for (const event of runs.get('bridge-nat') ?? []) render(event)
    const end = whole.slice(whole.indexOf('3. The way out')).trimEnd()
    const text = readFileSync(readme, 'utf8')
    if (process.env.UPDATE)
      writeFileSync(
        readme,
        text.replace(picture, (_, open, __, close) => `${open}${end}${close}`),
      )
    else assert.fixture(normalised(picture.exec(text)?.[2] ?? ''), normalised(end))
  })

  test('every text of every scenario has its Chinese, and the catalogues have no other', () => {
    assert.ok(runs.size > 0, 'no run to look at')
    const said = [...runs].flatMap(([name, events]) =>
      events.flatMap(sentencesOf).map((text) => ({ name, text })),
    )
    const missing = said.filter(({ text }) => !Object.hasOwn(catalogue, text))
    assert.equal(missing, [], 'lib/language/zh has no Chinese for these')
    const keys = playedHere.flatMap((name) => Object.keys(scenarios[name] ?? {}))
    const unused = keys.filter((key) => !said.some(({ text }) => text === key))
    assert.equal(unused, [], 'no scenario says these any more')
  })

  test('every message of a run has its Chinese', () => {
    const keys = new Set([...runs.values()].flatMap((events) => events.flatMap(messageKeysOf)))
    assert.ok(keys.size > 40, String(keys.size))
    assert.equal(
      [...keys].filter((key) => !Object.hasOwn(catalogue, key)),
      [],
    )
  })
})

function normalised(text: string): string {
  return text.replaceAll(/\d+(\.\d+)? (m?s)\b/g, 'N $2').replaceAll(/ \(N s\)/g, '')
}

function firstDifference(path: string, committed: string, fresh: string): readonly string[] {
  const [old, now] = [committed.split('\n'), fresh.split('\n')]
  const line = Math.max(old.length, now.length)
  const index = Array.from({ length: line }).findIndex((_, place) => old[place] !== now[place])
  if (index < 0) return []
  return [
    `${path}:${index + 1}: ${old[index] ?? 'nothing'} | a fresh run: ${now[index] ?? 'nothing'}`,
  ]
}

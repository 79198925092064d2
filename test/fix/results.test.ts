// Checks the user's results: the best try is kept, and a file that is not understood is never overwritten.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NetdojoError } from '../../lib/errors.ts'
import { keepResult, readResults, resultsFile } from '../../lib/fix/results.ts'
import { better, nothingDone, type Score } from '../../lib/fix/score.ts'
import { suite } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'

const good: Score = { ...nothingDone, repaired: true, diagnosed: true, answers: 1, checks: 1 }

suite('results of broken networks', (test) => {
  test('where they are: XDG_DATA_HOME, unless it is relative', () => {
    assert.is(resultsFile({ XDG_DATA_HOME: '/data' }), '/data/netdojo/fix.json')
    assert.match(resultsFile({ XDG_DATA_HOME: 'data' }), /\/\.local\/share\/netdojo\/fix\.json$/)
    assert.match(resultsFile({}), /\/\.local\/share\/netdojo\/fix\.json$/)
  })

  test('better: without the solution, then with less help', () => {
    const told = { ...good, told: true }
    const helped = { ...good, hints: 2 }
    const guessed = { ...good, answers: 4 }
    const half = { ...nothingDone, repaired: true }
    for (const [more, less] of [
      [good, helped],
      [good, guessed],
      [helped, told],
      [guessed, half],
      [told, half],
      [half, nothingDone],
    ] as const) {
      assert.is(better(more, less), more)
      assert.is(better(less, more), more)
    }
  })

  test('a later try that is worse does not replace the better one', () => {
    inDirectory((file) => {
      keepResult(file, 'rp-filter', good)
      keepResult(file, 'rp-filter', nothingDone)
      keepResult(file, 'no-hairpin', nothingDone)
      assert.equal(readResults(file), { 'rp-filter': good, 'no-hairpin': nothingDone })
    })
  })

  test('a file of another program or of a later version is refused and stays', () => {
    const wrong = [
      '',
      'hello',
      '[]',
      '{"version":1}',
      '{"version":1,"networks":{"a":{"hints":"x"}}}',
    ]
    for (const text of wrong) refused(text, 'state-corrupt')
    refused('{"version":2,"networks":[]}', 'state-newer')
  })

  test('a path that cannot be written is refused', () => {
    inDirectory((file) => {
      writeFileSync(file, '')
      const error = thrown(() => keepResult(join(file, 'fix.json'), 'rp-filter', good))
      assert.is(error.code, 'state-unavailable')
    })
  })
})

function refused(text: string, code: NetdojoError['code']): void {
  inDirectory((file) => {
    writeFileSync(file, text)
    assert.is(thrown(() => readResults(file)).code, code, text)
    assert.is(thrown(() => keepResult(file, 'rp-filter', good)).code, code, text)
    assert.is(readFileSync(file, 'utf8'), text)
  })
}

function thrown(act: () => unknown): NetdojoError {
  try {
    act()
  } catch (error) {
    if (error instanceof NetdojoError) return error
    throw error
  }
  throw new Error('it was not refused')
}

function inDirectory(body: (file: string) => void): void {
  const directory = newDirectory()
  try {
    body(join(directory, 'fix.json'))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

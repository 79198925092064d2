// Checks how updates change the progress, how it is stored, and that a file that is not understood is refused.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { translator } from '../../lib/language/translate.ts'
import {
  advance,
  isComplete,
  nextStep,
  noProgress,
  reset,
  scoreOf,
  totalScore,
  type Progress,
  type Update,
} from '../../lib/workshop/progress.ts'
import { dataDirectory } from '../../lib/user-file.ts'
import { readProgress, updateProgress } from '../../lib/workshop/progress-file.ts'
import { reportOf, reportPage } from '../../lib/workshop/report.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'

const scenario = 'veth-pair'
const asked = { node: 'ns1', line: 'ping 172.18.0.3' }
const updates: readonly Update[] = [
  { kind: 'began', scenario, at: '2026-01-01T10:00:00Z' },
  { kind: 'guess', scenario, check: 1, ...asked, guess: 'answer', truth: 'silence', right: false },
  { kind: 'guess', scenario, check: 1, ...asked, guess: 'silence', truth: 'silence', right: true },
  { kind: 'guess', scenario, check: 2, ...asked, guess: 'answer', truth: 'answer', right: true },
  { kind: 'step', scenario, step: 1, seconds: 30 },
  { kind: 'by-hand', scenario, step: 2 },
  { kind: 'hint', scenario },
  { kind: 'step', scenario, step: 2, seconds: 60 },
  { kind: 'steps', scenario, steps: 4 },
]
const after = (all: readonly Update[]): Progress => all.reduce(advance, noProgress)

suite('progress', (test) => {
  const directory = newDirectory()
  process.on('exit', () => rmSync(directory, { recursive: true }))

  test('the first guess of a check counts, and the step after the last one is next', () => {
    const own = after(updates).scenarios[scenario]
    assert.equal(scoreOf(own ?? { guesses: {} }), { right: 1, asked: 2 })
    assert.equal(totalScore(after(updates)), { right: 1, asked: 2 })
    assert.is(own?.next, 3)
    assert.equal(own?.done, [1, 2])
    assert.equal(own?.byHand, [2])
    assert.is(own?.finished, null)
    assert.is(own?.seconds, 90)
  })

  test('a finished scenario stays finished, and begins at step 1 again', () => {
    const at = '2026-01-01T11:00:00Z'
    const finished = after([...updates, { kind: 'finished', scenario, at }])
    assert.is(finished.scenarios[scenario]?.next, 1)
    const again = advance(finished, { kind: 'step', scenario, step: 1, seconds: 1 })
    assert.is(again.scenarios[scenario]?.finished, at)
  })

  test('a learner who leaves at the end of the last step has completed the scenario', () => {
    const { [scenario]: early } = after(updates).scenarios
    const { [scenario]: late } = after([
      ...updates,
      { kind: 'step', scenario, step: 4, seconds: 1 },
    ]).scenarios
    assert.ok(early && late)
    assert.equal([isComplete(early), nextStep(early)], [false, 3])
    assert.equal([isComplete(late), nextStep(late)], [true, 1])
  })

  test('reset forgets one, or all', () => {
    const both = after([...updates, { kind: 'hint', scenario: 'bridge' }])
    assert.equal(Object.keys(reset(both, scenario).scenarios), ['bridge'])
    assert.equal(reset(both), noProgress)
  })

  test('any progress is read as it was written', () => {
    const path = join(directory, 'any/workshop.json')
    const names = fc.constantFrom('veth-pair', 'bridge', 'nat')
    const any: fc.Arbitrary<Update> = fc.oneof(
      fc.record({ kind: fc.constant('hint' as const), scenario: names }),
      fc.record({
        kind: fc.constant('step' as const),
        scenario: names,
        step: fc.integer({ min: 1, max: 9 }),
        seconds: fc.nat(),
      }),
      fc.record({
        kind: fc.constant('guess' as const),
        scenario: names,
        check: fc.integer({ min: 1, max: 99 }),
        node: fc.string(),
        line: fc.string(),
        guess: fc.string(),
        truth: fc.string(),
        right: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(fc.array(any), (all) => {
        rmSync(path, { force: true })
        for (const update of all) updateProgress((progress) => advance(progress, update), path)
        assert.equal(readProgress(path), after(all))
      }),
      { numRuns: 30 },
    )
    assert.equal(
      readdirSync(join(directory, 'any')).filter((name) => name !== 'workshop.json'),
      [],
    )
  })

  const corrupt: Readonly<Record<string, string>> = {
    'half a file': '{"version": 1, "scen',
    'an empty file': '',
    'another file': '["a"]',
    'no version': '{"scenarios": {}}',
    'a scenario of another shape': '{"version": 1, "scenarios": {"bridge": {"next": "two"}}}',
  }
  for (const [name, text] of Object.entries(corrupt))
    test(`${name} is refused, and not overwritten`, () => {
      const path = join(directory, 'corrupt.json')
      writeFileSync(path, text)
      const error = refuses('state-corrupt', () => readProgress(path))
      assert.match(error.toText(), `mv ${path} ${path}.old`)
      refuses('state-corrupt', () => updateProgress(() => noProgress, path))
      assert.is(readFileSync(path, 'utf8'), text)
    })

  test('a newer file is refused, and not overwritten', () => {
    const path = join(directory, 'newer.json')
    const text = '{"version": 2, "scenarios": {}, "more": 1}'
    writeFileSync(path, text)
    refuses('state-newer', () => updateProgress(() => noProgress, path))
    assert.is(readFileSync(path, 'utf8'), text)
  })

  test('a directory in place of the file is refused', () => {
    const path = join(directory, 'directory.json')
    mkdirSync(path)
    refuses('state-unavailable', () => readProgress(path))
  })

  test("it is kept in the user's data directory", () => {
    assert.is(dataDirectory({ XDG_DATA_HOME: '/data' }), '/data/netdojo')
    assert.match(dataDirectory({}), /\/\.local\/share\/netdojo$/)
    // XDG Base Directory Specification: a relative path is to be ignored.
    assert.match(dataDirectory({ XDG_DATA_HOME: 'here' }), /\/\.local\/share\/netdojo$/)
  })

  test('the report has every scenario, and the wrong predictions', async () => {
    const course = [
      { name: scenario, title: 'A cable' },
      { name: 'bridge', title: 'A switch' },
    ]
    const about = { learner: 'ada', written: '2026-01-02' }
    const report = reportOf(after(updates), course, about)
    assert.equal(
      report.scenarios.map(({ name, state, stepsDone, steps, minutes }) => ({
        name,
        state,
        stepsDone,
        steps,
        minutes,
      })),
      [
        { name: scenario, state: 'started', stepsDone: 2, steps: 4, minutes: 1.5 },
        { name: 'bridge', state: 'not started', stepsDone: 0, steps: null, minutes: 0 },
      ],
    )
    const page = reportPage(report, await translator('en'))
    assert.match(page, /\| veth-pair +\| started +\| 2\/4 +\| 1\/2 /)
    assert.match(page, /- veth-pair, `ns1\$ ping 172.18.0.3`: predicted: answer; observed: silence/)
    assert.match(reportPage(report, await translator('zh')), /学习报告：ada/)
  })
})

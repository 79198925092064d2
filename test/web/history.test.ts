// Tests that the history of a live world is bounded, and that each mark of the timeline still shows the network that it had.
import * as assert from 'uvu/assert'
import type { Moment } from '../../lib/web/moments.ts'
import { History } from '../../lib/web/server/history.ts'
import { Reader, Writer } from '../../lib/web/sharing.ts'
import { suite } from '../helpers/suite.ts'

type Value = { readonly network: string; readonly rest: string }

/** What a page knows: the value of each state by its position, and the moments. */
class Reading {
  readonly reader = new Reader()
  readonly moments: Moment[] = []

  add(moment: Moment): void {
    if (moment.kind === 'part') return this.reader.add(moment)
    for (let left = moment.kind === 'forgotten' ? moment.count : 1; left > 0; left -= 1)
      this.moments.push(moment)
  }

  networkAt(index: number): string | undefined {
    const state = this.moments.slice(0, index + 1).findLast(({ kind }) => kind === 'state')
    if (state?.kind !== 'state') return undefined
    return this.reader.read<Value>({ part: state.state.part }).network
  }
}

/** A world whose network changes again and again. */
class Changing {
  readonly all = new Reading()
  readonly page = new Reading()
  readonly history: History
  readonly #writer = new Writer((part) => this.#emit({ at: 0, ...part }))
  isCut = false
  parts = 0

  constructor(most: number, kind: 'scenario' | 'free') {
    this.history = new History({ most, last: most / 4 })
    const subject = kind === 'free' ? { kind } : { kind, name: 'x' }
    this.#emit({ at: 0, kind: 'begins', version: 1, subject })
  }

  change(network: string, after: 'change' | 'start' = 'change'): void {
    const value: Value = { network, rest: `${network} ${'x'.repeat(100)}` }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the history does not look into a state
    const state = this.#writer.share(value) as never
    this.#emit({ at: 0, kind: 'state', state, after: { kind: after } })
  }

  type(line: string): void {
    this.#emit({ at: 0, kind: 'typed', node: 'host', line, commands: [], isOtherWay: false })
  }

  #emit(moment: Moment): void {
    this.all.add(moment)
    this.page.add(moment)
    if (moment.kind === 'part') this.parts += moment.values.length
    const forgotten = this.history.add(moment)
    if (!forgotten) return
    this.#writer.forget(forgotten.parts)
    for (const index of forgotten.moments)
      this.page.moments[index] = { at: 0, kind: 'forgotten', count: 1, isCut: forgotten.isCut }
    this.page.reader.forget(forgotten.parts)
    this.isCut = forgotten.isCut
    this.parts -= forgotten.parts.length
  }
}

suite('web: the history of a live world', (test) => {
  test('nothing is forgotten in a short life', () => {
    const world = new Changing(100, 'free')
    for (let turn = 0; turn < 90; turn += 1) world.change(`n${turn}`)
    const again = new Reading()
    for (const moment of world.history.replay()) again.add(moment)
    assert.equal(again.moments, world.all.moments)
  })

  test('of ten thousand changes by one line, few are kept, and each mark shows the network that it had', () => {
    const world = new Changing(100, 'free')
    world.change('begin', 'start')
    for (let turn = 0; turn < 10_000; turn += 1) {
      if (turn % 2000 === 0) world.type(`line ${turn}`)
      // Some of the networks come again after they were forgotten.
      world.change(`n${turn % 700}`)
    }
    const again = new Reading()
    const replayed = [...world.history.replay()]
    for (const moment of replayed) again.add(moment)
    assert.ok(replayed.length < 300, String(replayed.length))
    assert.ok(world.parts < 600, String(world.parts))
    assert.is(world.isCut, false)
    const marks = world.all.moments.flatMap(({ kind }, index) => (kind === 'typed' ? [index] : []))
    assert.is(marks.length, 5)
    for (const shown of [...marks.map((index) => index - 1), world.all.moments.length - 1]) {
      const expected = world.all.networkAt(shown)
      assert.is(world.page.networkAt(shown), expected, `${shown}`)
      assert.is(again.networkAt(shown), expected, `${shown}, loaded again`)
    }
    assert.is(again.moments.length, world.all.moments.length)
  })

  test('of ten thousand lines, the oldest are forgotten, and the page is told; the marks after it are right', () => {
    const world = new Changing(100, 'free')
    world.change('begin', 'start')
    for (let turn = 0; turn < 10_000; turn += 1) {
      world.type(`line ${turn}`)
      world.change(`n${turn}`)
    }
    const again = new Reading()
    const replayed = [...world.history.replay()]
    for (const moment of replayed) again.add(moment)
    assert.ok(replayed.length < 500, String(replayed.length))
    assert.is(world.isCut, true)
    assert.ok(replayed.some((moment) => moment.kind === 'forgotten' && moment.isCut))
    assert.is(again.networkAt(1), 'begin')
    const typed = again.moments.flatMap(({ kind }, index) => (kind === 'typed' ? [index] : []))
    assert.ok(typed.length > 10)
    for (const index of typed.slice(1))
      assert.is(again.networkAt(index - 1), world.all.networkAt(index - 1))
  })

  test('in a lesson, changes by hand are bounded, and what the lesson did is kept', () => {
    const world = new Changing(100, 'scenario')
    world.change('begin', 'start')
    for (let turn = 0; turn < 2000; turn += 1) {
      world.type(`line ${turn}`)
      world.change(`n${turn}`)
    }
    const replayed = [...world.history.replay()]
    assert.ok(replayed.length < 300, String(replayed.length))
    assert.is(world.isCut, false)
    const reading = new Reading()
    for (const moment of replayed) reading.add(moment)
    assert.is(reading.networkAt(1), 'begin')
    assert.is(reading.networkAt(reading.moments.length - 1), 'n1999')
  })
})

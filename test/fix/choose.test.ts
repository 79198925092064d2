// Checks choices by a seed: the same for everybody, different for other seeds, and every network can be chosen.
import * as assert from 'uvu/assert'
import { brokenNames } from '../../lib/cli/programs/catalogue.ts'
import { chosen, seedFor, shuffled } from '../../lib/fix/choose.ts'
import { suite } from '../helpers/suite.ts'

suite('choices by a seed', (test) => {
  test('the same seed chooses the same, on every machine', () => {
    // A later version must choose the same, so that a class opens the same network.
    assert.equal(
      shuffled(['a', 'b', 'c', 'd'], 7, (item) => item),
      ['b', 'a', 'c', 'd'],
    )
    assert.is(chosen(brokenNames, 7), chosen(brokenNames, 7))
  })

  test('every network is chosen by some seed', () => {
    const seen = new Set(Array.from({ length: 300 }, (_, seed) => chosen(brokenNames, seed)))
    assert.is(seen.size, brokenNames.length)
  })

  test('there is a seed for an unsolved network, and a seed if all are solved', () => {
    for (const name of brokenNames)
      assert.is(
        chosen(
          brokenNames,
          seedFor(brokenNames, (other) => other === name),
        ),
        name,
      )
    assert.is(
      seedFor(brokenNames, () => false),
      0,
    )
  })
})

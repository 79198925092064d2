// Every scenario holds, in both dialects, and both do the same work.
import * as assert from 'uvu/assert'
import { withoutClassic } from '../helpers/ablation.ts'
import { heldIn, linesOf, statementsOf } from '../helpers/held.ts'
import { eventsOf } from '../helpers/netdojo.ts'
import { playedHere } from '../helpers/playable.ts'
import { suite } from '../helpers/suite.ts'

suite('scenarios hold', (_, slow) => {
  for (const name of playedHere) {
    // The usual run has the pages, from a run of each that is held to the same: pages.test.ts.
    slow(name, async () => heldIn(await eventsOf([name])), { seconds: 180 })

    slow(
      `${name}: the classic dialect is held to the same checks`,
      async () => {
        const [ip, classic] = await Promise.all([
          eventsOf([name]),
          eventsOf([name, '--dialect', 'classic']),
        ])
        heldIn(classic)
        assert.equal(statementsOf(classic), statementsOf(ip))
        if (withoutClassic.includes(name)) assert.equal(linesOf(classic), linesOf(ip))
        else assert.not.equal(linesOf(classic), linesOf(ip), 'it has commands of its own')
      },
      { seconds: 180 },
    )
  }
})

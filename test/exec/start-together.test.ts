// Programs that are started together: each hears its own input, and none that failed is taken for one that succeeded.
import * as assert from 'uvu/assert'
import { startTogether } from '../../lib/exec/start-together.ts'
import { suite } from '../helpers/suite.ts'

suite('start together', (test) => {
  test('each gets its own input, in any order, and what it says comes back', async () => {
    const together = startTogether(
      [['sh', '-c', 'cat >&2'], ['sh', '-c', 'cat >&2; echo "$0" >&2', '; touch /never'], ['cat']],
      undefined,
    )
    assert.is(await together.feed(1, 'second\n'), 'second\n; touch /never\n')
    assert.is(await together.feed(0, 'first\n'), 'first\n')
    await together.end()
  })

  test('one that ends with an error, or is killed, without a word is told', async () => {
    for (const line of ['exit 3', 'kill -9 $$']) {
      const together = startTogether([['true'], ['sh', '-c', line]], undefined)
      assert.is(await together.feed(1, ''), '')
      await together.end().then(
        () => assert.unreachable(line),
        (error: Error) => assert.match(error.message, 'it ended with an error, but said nothing'),
      )
    }
  })

  test('so is the end of them all', async () => {
    const together = startTogether([['sh', '-c', 'kill -9 $PPID; sleep 1'], ['cat']], undefined)
    await together.feed(0, '')
    await together.end().then(
      () => assert.unreachable('the shell was killed'),
      (error: Error) => assert.match(error.message, 'said nothing'),
    )
  })
})

// Checks that no question reveals its answer, and that the output of the program decides the answer.
import { verbatim } from '../../lib/language/message.ts'
import * as assert from 'uvu/assert'
import { answers, fails, shows, showsNo } from '../../lib/scenario/expectations.ts'
import type { Expectation, Observation } from '../../lib/scenario/probe.ts'
import { readCurl } from '../../lib/scenario/probes/curl.ts'
import { readPing } from '../../lib/scenario/probes/ping.ts'
import type { AskedCheck } from '../../lib/scenario/guide.ts'
import { questionOf, readable } from '../../lib/workshop/question.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

function asked(line: string, expectation: Expectation, servers: readonly string[] = []) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a question is made of the line alone
  return questionOf({ probe: { line }, expectation } as AskedCheck, servers)
}

const printed = (line: string) => sh(`${line} 2>&1 || true`)
const page = (name: string) => readCurl(`hello from ${name}: I see you as 203.0.113.2\n`, '', 0)

sandboxSuite('questions', (test) => {
  test('the expectation does not change the question about ping and curl', () => {
    for (const line of ['ping -c 1 198.51.100.1', 'curl http://203.0.113.2/']) {
      const { truth: _one, ...one } = asked(line, answers)
      const { truth: _other, ...other } = asked(line, fails('no answer'))
      assert.equal(one, other)
    }
  })

  test('nor the question about an output', () => {
    const { truth: _one, ...one } = asked('ip route', shows('default'))
    const { truth: _other, ...other } = asked('ip route', showsNo('default'))
    assert.equal(one, other)
    assert.is(one.text.text, 'Will it show “default”?')
  })

  const pings: readonly (readonly [string, string])[] = [
    ['ping -c 1 -W 0.5 203.0.113.1', 'answer'],
    ['ping -c 1 -W 0.5 203.0.113.99', 'silence'],
    ['ip route del default; ping -c 1 -W 0.5 8.8.8.8', 'unreachable'],
    ['ip route add unreachable 192.0.2.0/24; ping -c 1 -W 0.5 192.0.2.1', 'no-host'],
  ]
  for (const [line, truth] of pings)
    test(`${truth}: ${line}`, () => {
      assert.is(asked('ping -c 1 …', answers).truth(readPing(printed(line), printed(line))), truth)
    })

  test('curl: who answers is a question where several can', () => {
    const one = asked('curl http://203.0.113.2/', answers, ['ns1'])
    assert.is(one.truth(page('ns1')), 'answer')
    const two = asked('curl http://203.0.113.2/', shows('hello from ns1'), ['ns1', 'outside'])
    assert.is(two.truth(page('ns1')), 'answer from ns1')
    assert.is(two.truth(page('outside')), 'answer from outside')
    // An answer that the question does not offer makes no guess wrong.
    assert.is(two.truth(page('web')), null)
    const refused = sh('curl -sv --max-time 1 http://127.0.0.1:9/ 2>&1 || true')
    assert.is(two.truth(readCurl('', refused, 7)), 'refused')
  })

  test('yes and no come from the output, not from the expectation', () => {
    const output: Observation = { outcome: 'answered', summary: verbatim('a'), output: 'a\nb' }
    assert.is(asked('cat', shows('b')).truth(output), 'yes')
    assert.is(asked('cat', shows('c')).truth(output), 'no')
    assert.is(asked('cat', showsNo('b')).truth(output), 'yes')
    assert.is(asked('cat', showsNo('c')).truth(output), 'no')
    assert.is(asked('cat', fails('x')).truth(output), 'yes')
    assert.is(asked('cat', fails('x')).truth({ ...output, outcome: 'failed' }), 'no')
    assert.is(asked('cat', shows('b')).truth({ ...output, outcome: 'broken' }), null)
  })

  test('a regular expression becomes readable text', () => {
    assert.is(readable(/^lo +DOWN *$/), 'lo DOWN')
    assert.is(readable(/INCOMPLETE|FAILED/), 'INCOMPLETE / FAILED')
    assert.is(readable(/^nd-testbridge .*192\.168\.0\.1\/24/), 'nd-testbridge … 192.168.0.1/24')
  })
})

// Checks how the output of ping and curl is read, in several versions, and that a question that could not be asked satisfies nothing.
import { verbatim } from '../../lib/language/message.ts'
import * as assert from 'uvu/assert'
import { answers, fails, shows, showsNo } from '../../lib/scenario/expectations.ts'
import { silence, type Observation } from '../../lib/scenario/probe.ts'
import { readCurl } from '../../lib/scenario/probes/curl.ts'
import { readPing } from '../../lib/scenario/probes/ping.ts'
import { suite } from '../helpers/suite.ts'

const statistics = (received: number) => `
--- 172.18.0.3 ping statistics ---
1 packets transmitted, ${received} received, ${received ? 0 : 100}% packet loss, time 0ms
`

function is(observation: Observation, outcome: Observation['outcome'], summary: string): void {
  assert.is(observation.outcome, outcome, observation.summary.text)
  assert.is(observation.summary.text, summary)
}

suite('probes', (test) => {
  test('ping: an answer, from IPv4 and IPv6', () => {
    const v4 = '64 bytes from 172.18.0.3: icmp_seq=1 ttl=63 time=0.155 ms\n'
    is(readPing(v4 + statistics(1), ''), 'answered', '172.18.0.3 answers, ttl 63, 0.155 ms')
    const v6 = '64 bytes from 2001:db8:113::1: icmp_seq=1 ttl=64 time=0.073 ms\n'
    is(readPing(v6 + statistics(1), ''), 'answered', '2001:db8:113::1 answers, ttl 64, 0.073 ms')
  })

  test('ping: silence, a refusal by a router, and a refusal by the own kernel differ', () => {
    is(readPing(statistics(0), ''), 'failed', 'no answer within 0.5 s: 0 of 1 answered')
    is(
      readPing('', 'ping: local error: message too long, mtu=1400\n'),
      'failed',
      'message too long, mtu=1400',
    )
    const refused = 'From 203.0.113.1 icmp_seq=1 Destination Host Unreachable\n'
    is(
      readPing(refused + statistics(0), ''),
      'failed',
      'Destination Host Unreachable (says 203.0.113.1)',
    )
    is(readPing('', 'ping: connect: Network is unreachable\n'), 'failed', 'Network is unreachable')
    is(readPing('', 'ping: sendmsg: No route to host\n'), 'failed', 'No route to host')
  })

  test('ping: empty output, an unknown host and a missing namespace are neither yes nor no', () => {
    assert.is(readPing('', '').outcome, 'broken')
    assert.is(readPing('', 'ping: example.org: Name or service not known\n').outcome, 'broken')
    assert.is(
      readPing('', 'Cannot open network namespace "ns1": No such file or directory\n').outcome,
      'broken',
    )
    assert.is(readPing('', 'bash: line 1: ping: command not found\n').outcome, 'broken')
  })

  test('curl: the reason is the same in the words of curl 7 and of curl 8', () => {
    const seven = `*   Trying 203.0.113.2:80...
* connect to 203.0.113.2 port 80 failed: Connection refused
* Failed to connect to 203.0.113.2 port 80 after 0 ms: Couldn't connect to server
* Closing connection 0
`
    const eight = `*   Trying 203.0.113.2:80...
* connect to 203.0.113.2 port 80 from 203.0.113.1 port 43210 failed: Connection refused
* Failed to connect to 203.0.113.2 port 80 after 0 ms: Could not connect to server
* closing connection #0
`
    for (const printed of [seven, eight])
      is(readCurl('', printed, 7), 'failed', 'Connection refused')
    const unreachable = '* Immediate connect fail for 172.18.0.2: Network is unreachable\n'
    is(readCurl('', unreachable, 7), 'failed', 'Network is unreachable')
    is(readCurl('', '', 28), 'failed', 'no answer within 1 s')
    is(readCurl('hello\n', '', 0), 'answered', 'hello')
  })

  test('curl: a bad address and a missing namespace are neither yes nor no', () => {
    assert.is(readCurl('', 'curl: (3) URL using bad/illegal format\n', 3).outcome, 'broken')
    assert.is(readCurl('', 'Cannot open network namespace "ns1"\n', 255).outcome, 'broken')
  })

  test('expectations: each holds and fails as it must, and none holds for a question that could not be asked', () => {
    const answered: Observation = {
      outcome: 'answered',
      summary: verbatim('a'),
      output: 'one\ntwo\n',
    }
    const failed: Observation = { outcome: 'failed', summary: silence(1), output: '' }
    const broken: Observation = { outcome: 'broken', summary: silence(1), output: 'one' }
    const table = [
      [answers, true, false],
      [fails('no answer'), false, true],
      [fails('refused'), false, false],
      [shows('two'), true, false],
      [shows(/^three$/), false, false],
      [showsNo('three'), true, false],
      [showsNo(/^two$/), false, false],
    ] as const
    for (const [expectation, ofAnswer, ofFailure] of table) {
      assert.is(expectation.judge(answered).holds, ofAnswer, expectation.expected.text)
      assert.is(expectation.judge(failed).holds, ofFailure, expectation.expected.text)
      assert.is(expectation.judge(broken).holds, false, expectation.expected.text)
    }
    assert.is(shows('two').judge(answered).evidence.text, 'two')
  })
})

// Checks the translation of texts and messages: found by their key, filled with their values, and English without a key.
import * as assert from 'uvu/assert'
import { message, verbatim, type Message } from '../../lib/language/message.ts'
import { oneLine, speakEnglish, translatorOf } from '../../lib/language/translate.ts'
import { suite } from '../helpers/suite.ts'

const translate = translatorOf({
  'no answer': '没有应答',
  'failure: {reason}': '失败：{reason}',
  'no answer within {seconds} s': '{seconds} 秒内没有应答',
  '{device} ({state})': '{device}（{state}）',
  'port of {bridge}': '{bridge} 的端口',
})

suite('translation', (test) => {
  const silence = message('no answer within {seconds} s', { seconds: 0.5 })
  const port = message('port of {bridge}', { bridge: 'br0' })
  const messages: readonly (readonly [Message, english: string, chinese: string])[] = [
    [silence, 'no answer within 0.5 s', '0.5 秒内没有应答'],
    [
      message('failure: {reason}', { reason: 'Connection refused' }),
      'failure: Connection refused',
      '失败：Connection refused',
    ],
    // A message among the values is translated. A string stays as it is, even if it looks like a text of ours.
    [
      message('failure: {reason}', { reason: silence }),
      'failure: no answer within 0.5 s',
      '失败：0.5 秒内没有应答',
    ],
    [
      message('failure: {reason}', { reason: 'no answer' }),
      'failure: no answer',
      '失败：no answer',
    ],
    [
      message('{device} ({state})', { device: 'veth0', state: port }),
      'veth0 (port of br0)',
      'veth0（br0 的端口）',
    ],
    [verbatim('no answer'), 'no answer', 'no answer'],
    [verbatim('{seconds}'), '{seconds}', '{seconds}'],
    [message('constructor'), 'constructor', 'constructor'],
  ]
  for (const [each, english, chinese] of messages)
    test(JSON.stringify(each), () => {
      assert.is(each.text, english)
      assert.is(speakEnglish(each), english)
      assert.is(translate(each), chinese)
      // Events go through JSON.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was a message is one
      assert.is(translate(JSON.parse(JSON.stringify(each)) as Message), chinese)
    })

  test('a text without values needs no message', () => {
    assert.is(translate('no answer'), '没有应答')
    assert.is(translate('no answer within {seconds} s', { seconds: 3 }), '3 秒内没有应答')
    assert.is(translate('{a} and {b}', { a: 1 }), '1 and {b}')
    assert.is(translate('hello from ns1'), 'hello from ns1')
  })

  test('each paragraph of a text becomes one line, however it is indented', () => {
    assert.is(oneLine('\n    one\n    two\n\n    three\n  '), 'one two\n\nthree')
  })
})

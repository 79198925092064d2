// Texts with their values in: found by the words around them, the most of them first, and left alone when nothing fits.
import * as assert from 'uvu/assert'
import { oneLine, translatorOf } from '../../lib/language/translate.ts'
import { suite } from '../helpers/suite.ts'

const translate = translatorOf({
  'no answer': '没有应答',
  'failure: {reason}': '失败：{reason}',
  'no answer within {seconds} s': '{seconds} 秒内没有应答',
  'veth {name} ({state})': 'veth {name}（{state}）',
  '{state}, port of {bridge}': '{state}，{bridge} 的端口',
  'a line.with {dots}': '点 {dots}',
  '{only}': '不该出现',
})

suite('translation', (test) => {
  const texts: readonly (readonly [english: string, chinese: string])[] = [
    ['no answer', '没有应答'],
    ['no answer within 0.5 s', '0.5 秒内没有应答'],
    ['failure: Connection refused', '失败：Connection refused'],
    // A value may be a text of its own.
    ['failure: no answer', '失败：没有应答'],
    ['failure: no answer within 1 s', '失败：1 秒内没有应答'],
    ['veth veth0 (up, port of br0)', 'veth veth0（up，br0 的端口）'],
    ['a line.with x', '点 x'],
    ['a lineXwith x', 'a lineXwith x'],
    ['hello from ns1', 'hello from ns1'],
    ['constructor', 'constructor'],
    ['failure: ', 'failure:'],
  ]
  for (const [english, chinese] of texts)
    test(JSON.stringify(english), () => assert.is(translate(english), chinese))

  test('values are put in, and a name without one stays', () => {
    assert.is(translate('no answer within {seconds} s', { seconds: 3 }), '3 秒内没有应答')
    assert.is(translate('{a} and {b}', { a: 1 }), '1 and {b}')
  })

  test('a text is one line a paragraph, however it is indented', () => {
    assert.is(oneLine('\n    one\n    two\n\n    three\n  '), 'one two\n\nthree')
  })
})

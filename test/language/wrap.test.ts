// Checks the lines of Chinese: never too wide, no closing punctuation at the beginning, and no broken names.
import * as fc from 'fast-check'
import stringWidth from 'string-width'
import * as assert from 'uvu/assert'
import { wrapped } from '../../lib/language/wrap.ts'
import { suite } from '../helpers/suite.ts'

const pieces = [
  '网桥',
  '转发表',
  '宿主机，',
  '。',
  '（FDB）',
  '“整个',
  ' 172.18.0.0/24',
  ' ns1',
  '”',
  '……',
  'veth 对',
]

suite('wrap', (test) => {
  test('Chinese and names in any order keep their width and their punctuation', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 60 }),
        fc.integer({ min: 24, max: 80 }),
        (words, columns) => {
          const text = `包${words.join('')}`
          const lines = wrapped(text, columns).split('\n')
          // All closing punctuation stays with the character before it.
          for (const line of lines.slice(0, -1))
            assert.ok(stringWidth(line.replace(/[，。；：）”…]+$/u, '')) <= columns, line)
          for (const line of lines.slice(1)) assert.not.match(line, /^[，。；：）”]/u)
          assert.is(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
          for (const name of text.match(/172\.18\.0\.0\/24/g) ?? [])
            assert.ok(lines.some((line) => line.includes(name)))
        },
      ),
    )
  })

  test('English breaks at spaces', () => {
    assert.is(wrapped('one two three', 8), 'one two\nthree')
    assert.is(wrapped('one two three four', 8, 2), 'one two\n  three\n  four')
  })

  test('a line of Chinese uses the whole width', () => {
    const [first = ''] = wrapped('网络命名空间相当于把一台机器的整个网络再来一份', 20).split('\n')
    assert.is(stringWidth(first), 20)
  })
})

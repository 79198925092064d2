// Tests `--help` of the learners' programs in each language: all texts are translated, and the catalogue has no unused text.
import stringWidth from 'string-width'
import * as assert from 'uvu/assert'
import help from '../../lib/language/zh/help.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { suite } from '../helpers/suite.ts'

const programs = ['scenario', 'workshop', 'shell', 'web'] as const

suite('--help in the reader’s language', (test) => {
  test('all texts are Chinese and fit in 80 columns, and the catalogue has no unused text', async () => {
    const [english, chinese] = [await helpIn('en_US.UTF-8'), await helpIn('zh_CN.UTF-8')]
    assert.equal(
      Object.keys(help).filter((text) => !oneLine(english).includes(text)),
      [],
    )
    assert.equal(
      Object.values(help).filter((text) => !together(chinese).includes(together(text))),
      [],
    )
    const lines = chinese.split('\n')
    assert.equal(
      lines.filter((line) => stringWidth(line) > 80),
      [],
    )
    // A line of names alone may be left over from the one before.
    assert.equal(
      lines.filter((line) => /[a-z]{2,} [a-z]{2,}/.test(line) && !/\p{Script=Han}/u.test(line)),
      [],
    )
  })

  test('--lang overrides LANG', async () => {
    const args = ['--help', '--lang=en']
    const { stdout } = await netdojo('workshop', args, { env: { LC_ALL: 'zh_CN.UTF-8' } })
    assert.match(stdout, 'forget the progress')
  })
})

async function helpIn(locale: string): Promise<string> {
  const all = await Promise.all(
    programs.map((program) => netdojo(program, ['--help'], { env: { LC_ALL: locale } })),
  )
  return all.map(({ stdout }) => stdout).join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

/** Chinese breaks between any two characters. */
function together(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

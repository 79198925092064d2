// Compares docs/command.md with every --help, and checks their width. `UPDATE=1 node test/cli/help.test.ts` writes the page.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { commands } from '../../lib/cli/commands/index.ts'
import { call, output, refusal } from '../helpers/command.ts'
import { suite } from '../helpers/suite.ts'

const path = join(import.meta.dirname, '../../docs/command.md')
const marker = /(?<=<!-- Written by `UPDATE=1[^\n]*-->\n)[^]*/

suite('help', (test) => {
  test('docs/command.md has the help of every command', async () => {
    const page = readFileSync(path, 'utf8')
    const texts = await Promise.all((await everyCommand()).map(section))
    const wanted = page.replace(marker, () => `\n${texts.join('\n')}`)
    if (process.env.UPDATE) writeFileSync(path, wanted)
    else assert.fixture(page, wanted)
  })

  test('every help fits in 80 columns, and every command with arguments has examples', async () => {
    for (const words of [[], ...(await everyCommand())]) {
      const text = await output(...words, '--help')
      assert.equal(
        text.split('\n').filter((line) => line.length > 80),
        [],
        words.join(' '),
      )
      const isGroup = /^Commands:/m.test(text)
      assert.ok(
        isGroup || /^(Examples?:|.*source <\()/m.test(text),
        `${words.join(' ')} has no example`,
      )
    }
  })

  test('help, --help, -h and an empty line print help; --version prints the version', async () => {
    const help = await output('--help')
    for (const words of [[], ['help'], ['-h']]) assert.is(await output(...words), help)
    assert.is(await output('help', 'network', 'create'), await output('network', 'create', '-h'))
    for (const name of Object.keys(commands)) assert.match(help, `\n  ${name} `)
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    )
    assert.is(await output('--version'), `${version}\n`)
  })

  test('wrong usage and refusals have different exit codes, and the nearest word is offered', async () => {
    assert.match(await refusal(2, 'netwrk', 'ls'), 'did you mean network?')
    assert.match(await refusal(2, 'network', 'inspct'), 'did you mean inspect?')
    assert.match(
      await refusal(2, 'network', 'create', '--subnt', 'x', 'web'),
      'did you mean --subnet?',
    )
    assert.match(await refusal(2, 'network'), 'create, ls, inspect')
    assert.match(await refusal(2, 'network', 'create'), 'the argument <name> is missing')
    assert.match(
      await refusal(2, 'completion', 'ksh'),
      "<shell> must be one of bash, zsh, fish, not 'ksh'.\n",
    )
  })

  test('3: an ordinary user outside of a sandbox gets the alternatives', async () => {
    const { geteuid } = process
    process.geteuid = () => 1000
    try {
      const text = await refusal(3, 'network', 'ls')
      assert.match(text, 'npm run shell')
      assert.match(text, 'sudo')
      assert.is((await call(['network', 'create', '--help'])).code, 0)
    } finally {
      if (geteuid) process.geteuid = geteuid
    }
  })
})

/** `network`, `network create` … in the order of the help. */
async function everyCommand(): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = []
  for (const name of Object.keys(commands)) {
    const { out } = await call(['complete', '--', name, ''])
    const argumentsOnly = !/^Commands:/m.test(await output(name, '--help'))
    const subs = argumentsOnly ? [] : out.split('\n').filter((line) => line !== '')
    found.push([name], ...subs.map((line) => [name, line.split('\t')[0] ?? '']))
  }
  return found
}

async function section(words: readonly string[]): Promise<string> {
  const text = await output(...words, '--help')
  return `### netdojo ${words.join(' ')}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`
}

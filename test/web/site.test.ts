// Tests the static site: its pages bring their recordings as scripts, in an order in which the page finds them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import * as assert from 'uvu/assert'
import { writeSite } from '../../lib/cli/programs/site.ts'
import { newDirectory } from '../helpers/directory.ts'
import { suite } from '../helpers/suite.ts'

/** What the script of a page sets. */
function globalsOf(file: string): Record<string, never> {
  const context = {}
  runInNewContext(readFileSync(file, 'utf8'), context)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test checks what it uses
  return JSON.parse(JSON.stringify(context)) as Record<string, never>
}

suite('the site of recordings', (test) => {
  test('has a page for each recording, with the checks that miss each command', async () => {
    const directory = newDirectory()
    const pages: string[] = []
    await writeSite({
      directory,
      why: true,
      scenarios: ['veth-pair'],
      broken: ['wrong-prefix'],
      onPage: (file, size) => {
        pages.push(file)
        assert.ok(size < 1_500_000, `${file} has ${size} bytes`)
      },
    })
    assert.equal(pages, ['veth-pair.html', 'broken-7.html'])
    assert.equal(readdirSync(directory).toSorted(), [
      'broken-7.html',
      'index.html',
      'page.css',
      'page.js',
      'recordings',
      'site.js',
      'veth-pair.html',
    ])
    const html = readFileSync(join(directory, 'veth-pair.html'), 'utf8')
    const scripts = [...html.matchAll(/<script src="([^"]*)"/g)].map(([, source]) => source)
    assert.equal(scripts, ['recordings/veth-pair.js', 'page.js'])
    // A page from a file must not ask for anything else.
    assert.not.match(html, /https?:|type="module"|="\//)
    assert.equal(globalsOf(join(directory, 'site.js')), {
      netdojoSite: {
        lessons: [
          {
            name: 'veth-pair',
            title: 'A cable between two network namespaces',
            chapter: 'A cable and a switch',
            file: 'veth-pair.html',
            steps: 4,
            checks: 8,
          },
        ],
        broken: [
          {
            name: 'broken-7',
            number: 7,
            title: 'ns1 reaches the Internet, but not db; ns2 reaches both',
            difficulty: 2,
            file: 'broken-7.html',
          },
        ],
      },
    })
    const { netdojoRecording } = globalsOf(join(directory, 'recordings/veth-pair.js'))
    const { moments }: { moments: { kind: string; checks: { check: number }[] }[] } = Object.assign(
      { moments: [] },
      netdojoRecording,
    )
    const missed = moments.filter(({ kind }) => kind === 'missed')
    assert.is(missed.length, 13)
    assert.ok(missed.every(({ checks }) => checks.length > 0))
    const order = moments.map(({ kind }) => kind)
    assert.ok(order.indexOf('outline') < order.indexOf('missed'))
    assert.ok(order.lastIndexOf('missed') < order.indexOf('state'))
  })
})

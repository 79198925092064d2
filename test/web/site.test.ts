// Tests the static site: its pages bring their recordings as scripts, in an order in which the page finds them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import * as assert from 'uvu/assert'
import { writeSite } from '../../lib/cli/programs/site.ts'
import { newDirectory } from '../helpers/directory.ts'
import { slow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'
import { browserSuite, textOf } from '../helpers/browser.ts'

/** What the script of a page sets. */
function globalsOf(file: string): Record<string, never> {
  const context = {}
  runInNewContext(readFileSync(file, 'utf8'), context)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test checks what it uses
  return JSON.parse(JSON.stringify(context)) as Record<string, never>
}

const directory = newDirectory()

const written = writtenSite()

async function writtenSite(): Promise<readonly string[]> {
  const pages: string[] = []
  await writeSite({
    directory,
    // Each scenario is then played again without each of its commands.
    why: slow,
    scenarios: ['veth-pair'],
    broken: ['wrong-prefix'],
    onPage: (file, size) => {
      pages.push(file)
      assert.ok(size < 1_500_000, `${file} has ${size} bytes`)
    },
  })
  return pages
}

suite('the site of recordings', (test) => {
  test('has a page for each recording, with the checks that miss each command', async () => {
    assert.equal(await written, ['veth-pair.html', 'broken-7.html'])
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
    if (!slow) return assert.equal(missed, [])
    assert.is(missed.length, 13)
    assert.ok(missed.every(({ checks }) => checks.length > 0))
    const order = moments.map(({ kind }) => kind)
    assert.ok(order.indexOf('outline') < order.indexOf('missed'))
    assert.ok(order.lastIndexOf('missed') < order.indexOf('state'))
  })
})

browserSuite('the site in a browser', (test, open) => {
  test('plays from the disk: from the list to a lesson, and back to a broken network', async () => {
    await written
    const { page, errors } = await open(pathToFileURL(join(directory, 'index.html')).href)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.click('a[href="veth-pair.html"]')
    await page.waitForSelector('.picture svg')
    assert.match(await textOf(page, 'h1, h2'), /\w/)
    await page.keyboard.press('Enter')
    if (slow) {
      await page.locator('text=Why is this line here?').first().click()
      await page.waitForSelector('text=ns1 reaches ns2')
    }
    await page.goto(pathToFileURL(join(directory, 'broken-7.html')).href)
    await page.waitForSelector('.picture svg')
    await page.waitForSelector('text=ns1 reaches the Internet, but not db; ns2 reaches both')
    assert.equal(errors, [])
    assert.equal(
      asked.filter((url) => !/^(file|data):/.test(url)),
      [],
    )
    await page.close()
  })
})

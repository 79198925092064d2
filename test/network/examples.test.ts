// Runs each example of docs/library.md, which must print what the page says.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { cleanHost, sandboxSuite, sh } from '../helpers/sandbox.ts'
import { newDirectory } from '../helpers/directory.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
const examples = [...page.matchAll(/^## (.*)$[^]*?```ts\n([^]*?)```\s+```text\n([^]*?)```/gm)]

sandboxSuite('examples', (test, slow) => {
  test('the page has its examples', () => {
    assert.is(examples.length, (page.match(/```ts/g) ?? []).length)
    assert.ok(examples.length >= 7)
  })

  for (const [index, [, title = '', code = '', output = '']] of examples.entries()) {
    const define = index < 1 ? test : slow
    define(title, () => {
      cleanHost()
      const file = join(newDirectory(), 'example.ts')
      writeFileSync(file, code.replaceAll("'netdojo'", JSON.stringify(join(root, 'lib/index.ts'))))
      const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' })
      assert.is(printed.replaceAll(/\b[0-9a-f]{16}\b|(?<=owner-)[0-9a-f]{8}/g, 'ID'), output)
      assert.not.match(sh('ip -br link'), /\bnd/, 'it cleans up')
    })
  }
})

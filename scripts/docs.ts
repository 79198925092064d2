// Runs `npm run docs`: plays every scenario once, writes its pages and pictures into docs/scenarios/, and removes pages that no run gives.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pagesOf, playScenarios } from '../lib/cli/programs/scenario/pages.ts'

const directory = join(import.meta.dirname, '../docs/scenarios')

const files = await pagesOf(await playScenarios())
rmSync(directory, { recursive: true, force: true })
for (const [path, text] of files) {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}
console.log(`${files.size} files in docs/scenarios`)

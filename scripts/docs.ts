// Runs `npm run docs`: plays every scenario once, writes its pages and pictures into docs/scenarios/, and removes pages that no run gives.
// With `--site DIR`, it writes the site of recordings there instead.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { pagesOf, playScenarios } from '../lib/cli/programs/scenario/pages.ts'
import { writeSite } from '../lib/cli/programs/site.ts'

const { values } = parseArgs({ options: { site: { type: 'string' }, quick: { type: 'boolean' } } })
if (values.site === undefined) await writePages(join(import.meta.dirname, '../docs/scenarios'))
else
  await writeSite({
    directory: values.site,
    // It takes most of the time: each scenario is played again without each of its commands.
    why: values.quick !== true,
    onPage: (file, size) =>
      console.log(`${file.padEnd(24)}${size.toLocaleString('en').padStart(12)} bytes`),
  })

async function writePages(directory: string): Promise<void> {
  const files = await pagesOf(await playScenarios())
  rmSync(directory, { recursive: true, force: true })
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  console.log(`${files.size} files in docs/scenarios`)
}

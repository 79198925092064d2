// Runs `npm run docs`: plays every scenario once, writes its pages and pictures into docs/scenarios/, and removes pages that no run gives.
// With `--site DIR`, it writes the site of recordings there instead.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { pagesOf, playScenarios } from '../lib/cli/programs/scenario/pages.ts'
import { playableScenarios } from '../lib/cli/programs/catalogue.ts'
import { writeSite } from '../lib/cli/programs/site.ts'
import { exitCodeOf, usageError } from '../lib/cli/shared/errors.ts'
import { NetdojoError } from '../lib/errors.ts'

try {
  const { site, quick = false } = parseOptions()
  for (const { text } of (await playableScenarios()).leftOut) console.log(text)
  if (site === undefined) await writePages(join(import.meta.dirname, '../docs/scenarios'))
  else
    await writeSite({
      directory: site,
      // It takes most of the time: each scenario is played again without each of its commands.
      why: !quick,
      onPage: (file, size) =>
        console.log(`${file.padEnd(24)}${size.toLocaleString('en').padStart(12)} bytes`),
    })
} catch (error) {
  if (!(error instanceof NetdojoError)) throw error
  console.error(error.toText())
  process.exitCode = exitCodeOf(error)
}

/** @throws NetdojoError `usage` */
function parseOptions(): { readonly site?: string; readonly quick?: boolean } {
  try {
    return parseArgs({ options: { site: { type: 'string' }, quick: { type: 'boolean' } } }).values
  } catch (error) {
    // Only the first sentence: the rest is about arguments that begin with a dash.
    const [reason = ''] = String(error instanceof Error ? error.message : error).split(/\.\s/)
    throw usageError(
      `npm run docs takes only --site DIR and --quick: ${reason.replace(/\.$/, '')}`,
      'npm run docs -- --site /tmp/site writes the site of recordings',
    )
  }
}

async function writePages(directory: string): Promise<void> {
  const files = await pagesOf(await playScenarios(), directory)
  rmSync(directory, { recursive: true, force: true })
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  console.log(`${files.size} files in docs/scenarios`)
}

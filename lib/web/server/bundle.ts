// Builds the page as one script and one style sheet, and keeps them until a source file changes: nobody waits for a build twice.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export type Bundle = { readonly script: string; readonly style: string }

type Kept = Bundle & {
  readonly version: string
  /** The source files with their times and sizes. */
  readonly inputs: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '../../..')
const modules = join(root, 'node_modules')
export const pageDirectory = join(root, 'lib/web/page')

/** One classic script, because a browser loads no modules from file://. */
export async function bundle(entry = join(pageDirectory, 'main.ts')): Promise<Bundle> {
  const file = join(
    modules,
    '.cache/netdojo',
    `page-${relative(root, entry).replaceAll('/', '-')}.json`,
  )
  const kept = read(file)
  if (kept && Object.entries(kept.inputs).every(([path, stamp]) => stampOf(path) === stamp))
    return kept
  const { build, stop, version } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    outdir: 'page',
    logLevel: 'silent',
  }).finally(() => void stop()) // Or else esbuild stays as a child process while the server runs.
  const textOf = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  const inputs = Object.fromEntries(
    Object.keys(metafile.inputs).map((path) => [path, stampOf(path)]),
  )
  const built = { version, inputs, script: textOf('.js'), style: textOf('.css') }
  keep(file, built)
  return built
}

function stampOf(path: string): string {
  const found = statSync(join(root, path), { throwIfNoEntry: false })
  return found ? `${found.mtimeMs} ${found.size}` : ''
}

function read(file: string): Kept | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by keep
    return JSON.parse(readFileSync(file, 'utf8')) as Kept
  } catch {
    return undefined
  }
}

/** With sudo in another user's checkout nothing is kept: its owner could not delete the file. */
function keep(file: string, built: Kept): void {
  if (statSync(modules, { throwIfNoEntry: false })?.uid !== process.getuid?.()) return
  const whole = `${file}.${process.pid}`
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(whole, JSON.stringify(built))
    renameSync(whole, file)
  } catch {
    // A read-only checkout: it is built again next time.
  }
}

// `npm run check`: lint, format, types, dead code and import directions, side by side; then the lines and files of each folder.
import { spawn } from 'node:child_process'
import { accessSync, constants, globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { importFaults } from './imports.ts'

const root = join(import.meta.dirname, '..')
const cache = ownCache()
const programs: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'oxfmt', '--check'],
  // A file that has not changed since the last check is not read again.
  ['types', 'tsc', ...(cache ? ['--incremental', '--tsBuildInfoFile', join(cache, 'types')] : [])],
  ['dead code', 'knip', ...(cache ? ['--cache', '--cache-location', join(cache, 'knip')] : [])],
]

const running = programs.map(([name, program, ...args]) => runProgram(name, program, args))
const faults = importFaults(root)
const ended = await Promise.all([
  ...running,
  Promise.resolve(report('imports', faults.length === 0, faults.join('\n'))),
])
const passed = ended.filter(Boolean).length
printSizes()
// uvu prints the same summary for a test file: `npm test` counts the checks by it.
console.log(`\n  Total:     ${ended.length}\n  Passed:    ${passed}`)
process.exitCode = passed === ended.length ? 0 : 1

function runProgram(name: string, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('error', (error) => (output += error.message))
    child.once('close', (code) => resolve(report(name, code === 0, output)))
  })
}

function report(name: string, passes: boolean, output: string): boolean {
  console.log(passes ? `✓ ${name}` : `✗ ${name}\n${output}`)
  return passes
}

/** The budget of the project: what each folder costs its readers. */
function printSizes(): void {
  const sizes = new Map<string, { files: number; lines: number }>()
  for (const file of globSync('{lib,scenarios,scripts,test,bench}/**/*.{ts,js,sh,pl}', {
    cwd: root,
  })) {
    const [top = '', second = ''] = file.split(/[\\/]/)
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1
    for (const folder of top === 'lib' ? [`lib/${second}`, 'lib in all'] : [top]) {
      const size = sizes.get(folder) ?? { files: 0, lines: 0 }
      sizes.set(folder, { files: size.files + 1, lines: size.lines + lines })
    }
  }
  console.log(`\n${'folder'.padEnd(16)}${'files'.padStart(6)}${'lines'.padStart(8)}`)
  for (const [folder, { files, lines }] of [...sizes].toSorted(([one], [other]) =>
    one.localeCompare(other),
  ))
    console.log(
      folder.padEnd(16) + String(files).padStart(6) + lines.toLocaleString('en').padStart(8),
    )
}

/** @returns no directory in a checkout that belongs to another user. */
function ownCache(): string | undefined {
  const directory = join(root, 'node_modules/.cache/checks')
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
    return directory
  } catch {
    return undefined
  }
}

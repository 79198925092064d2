// `npm run check`: lint (with types and import directions), format, types and dead code, side by side.
import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const cache = ownCache()
const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'oxfmt', '--check'],
  // What the last time has read, and nobody has changed, is not read again.
  ['types', 'tsc', ...(cache ? ['--incremental', '--tsBuildInfoFile', join(cache, 'types')] : [])],
  ['dead code', 'knip', ...(cache ? ['--cache', '--cache-location', join(cache, 'knip')] : [])],
]

const ended = await Promise.all(
  checks.map(([name, program, ...args]) => check(name, program, args)),
)
const held = ended.filter(Boolean).length
// The same summary as a test file prints, so that `npm test` counts each check.
console.log(`\n  Total:     ${checks.length}\n  Passed:    ${held}`)
process.exitCode = held === checks.length ? 0 : 1

function check(name: string, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('error', (error) => (output += error.message))
    child.once('close', (code) => {
      console.log(code === 0 ? `✓ ${name}` : `✗ ${name}\n${output}`)
      resolve(code === 0)
    })
  })
}

/** In somebody else's checkout there is none. */
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

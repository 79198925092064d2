// `npm test`: all the checks of `npm run check`, then every test file in a process of its own; the last line has the totals.
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { styleText } from 'node:util'
import { sandboxed, wantsSandbox } from './helpers/sandboxed.ts'
import { afterPatience } from './helpers/until.ts'

type FileResult = {
  readonly seconds: number
  readonly file: string
  readonly output: string
  readonly passed: number
  readonly failed: number
  /** The number of tests that only NETDOJO_SLOW=1 runs: see helpers/long.ts. */
  readonly left: number
  /** The lines in which the file says what it could not test on this machine. The summary repeats them. */
  readonly notRun: readonly string[]
}

const root = join(import.meta.dirname, '..')
const cache = join(root, 'node_modules/.cache/netdojo')
// Most tests wait for the network more than they compute.
const atOnce = availableParallelism() * 2

/** A file that takes longer is ended: something that it started keeps it alive. */
const longestMinutes = 20

const patterns = process.argv.slice(2)
const known = secondsOfLastRun()
const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  // The longest first, so that a short file ends last. A file that has never run may be long.
  .toSorted((one, other) => (known[other] ?? 60) - (known[one] ?? 60) || one.localeCompare(other))
if (files.length === 0) throw new Error(`no test file matches ${patterns.join(' ')}`)

const results: FileResult[] = []
if (patterns.length === 0) report(await runFile('scripts/check.ts'))
const queue = files.values()
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (const file of queue) report(await runFile(file))
  }),
)

rememberSeconds()

const passed = sum(results.map((result) => result.passed))
const failed = sum(results.map((result) => result.failed))
const broken = results.filter((result) => result.failed > 0).map((result) => result.file)
for (const line of results.flatMap((result) => result.notRun))
  console.log(styleText('yellow', line))
const left = sum(results.map((result) => result.left))
if (left > 0) console.log(`${left} more cases take longer: NETDOJO_SLOW=1 npm test has them, too`)
if (broken.length > 0) console.log(styleText('red', `\nfailed: ${broken.join(', ')}`))
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function report(result: FileResult): void {
  results.push(result)
  const { file, passed, failed, left } = result
  const time = `${result.seconds.toFixed(1)} s`
  if (passed + failed === 0)
    console.log(
      `${styleText('yellow', '-')} ${file}: skipped, NETDOJO_SLOW=1 runs its ${left} cases`,
    )
  else {
    const mark = failed > 0 ? styleText('red', '✗') : styleText('green', '✓')
    console.log(`${mark} ${file}: ${passed} passed, ${failed} failed, ${time}`)
  }
  if (failed > 0 || process.env.VERBOSE) console.log(result.output)
}

function runFile(file: string): Promise<FileResult> {
  const started = performance.now()
  const { program, args, env, more } = commandFor(file)
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', ...more],
      env: { ...env, NODE_COMPILE_CACHE: cache },
    })
    let output = ''
    const end = () => {
      output += `\nnot ended after ${longestMinutes} minutes\n`
      child.kill('SIGKILL')
    }
    const cancel = afterPatience(longestMinutes * 60, end)
    for (const stream of child.stdio)
      if (stream instanceof Readable)
        stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (code) => {
      cancel()
      resolve({
        file,
        output,
        left: Number(/^left for NETDOJO_SLOW=1: (\d+)/m.exec(output)?.[1] ?? 0),
        notRun: output.match(/^not run: .*/gm) ?? [],
        seconds: (performance.now() - started) / 1000,
        ...totals(output, code),
      })
    })
  })
}

type Start = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Descriptors besides the usual three. */
  readonly more: readonly 'pipe'[]
}

function commandFor(file: string): Start {
  const path = join(root, file)
  if (wantsSandbox(readFileSync(path, 'utf8')))
    // A program in a sandbox writes its standard error to descriptor 3.
    return { ...sandboxed([process.execPath, path]), more: ['pipe'] }
  return { program: process.execPath, args: [path], env: process.env, more: [] }
}

/** Reads uvu's summary. A file that ends without one, or with a code that the summary does not explain, counts as one failure. */
function totals(output: string, code: number | null): { passed: number; failed: number } {
  const all = Number(/^\s+Total:\s+(\d+)/m.exec(output)?.[1] ?? 0)
  const passed = Number(/^\s+Passed:\s+(\d+)/m.exec(output)?.[1] ?? 0)
  const failed = all - passed
  const none = all === 0 && !/^left for NETDOJO_SLOW=1: /m.test(output)
  return { passed, failed: failed === 0 && (code !== 0 || none) ? 1 : failed }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function secondsOfLastRun(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(join(cache, 'test-seconds.json'), 'utf8'))
  } catch {
    return {} // no run has written it yet
  }
}

function rememberSeconds(): void {
  const now = results.map(({ file, seconds }) => [file, Math.round(seconds * 10) / 10] as const)
  try {
    mkdirSync(cache, { recursive: true })
    const text = JSON.stringify({ ...known, ...Object.fromEntries(now) }, null, 1)
    writeFileSync(join(cache, 'test-seconds.json'), text)
  } catch {
    // The checkout belongs to another user: only the order of the next run depends on the file.
  }
}

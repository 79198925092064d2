// `npm test`: all the checks of `npm run check`, then every test file in a process of its own; the last line has the totals.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'

type FileResult = {
  readonly seconds: number
  readonly file: string
  readonly output: string
  readonly passed: number
  readonly failed: number
  /** Tests that it leaves for another time: see helpers/long.ts. */
  readonly left: number
  /** What a file says that it could not try here: never passed over in silence. */
  readonly notRun: readonly string[]
}

const root = join(import.meta.dirname, '..')
// Most tests wait for the network more than they compute.
const atOnce = availableParallelism() * 2

/** A file that has not ended by then never will: something that it started holds it. */
const longestMinutes = 20

const patterns = process.argv.slice(2)
const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .toSorted()
if (files.length === 0) throw new Error(`no test file matches ${patterns.join(' ')}`)

const results: FileResult[] = []
if (patterns.length === 0) report(await runFile('scripts/check.ts'))
const queue = files.values()
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (const file of queue) report(await runFile(file))
  }),
)

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
  const mark = result.failed > 0 ? styleText('red', '✗') : styleText('green', '✓')
  const time = `${result.seconds.toFixed(1)} s`
  console.log(`${mark} ${result.file}: ${result.passed} passed, ${result.failed} failed, ${time}`)
  if (result.failed > 0 || process.env.VERBOSE) console.log(result.output)
}

function runFile(file: string): Promise<FileResult> {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, file)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/netdojo') },
    })
    let output = ''
    const end = () => {
      output += `\nnot ended after ${longestMinutes} minutes\n`
      child.kill('SIGKILL')
    }
    const timer = setTimeout(end, longestMinutes * 60_000)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (code) => {
      clearTimeout(timer)
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

/** uvu's own summary; a file that ends without one, or with a code that the summary does not explain, counts as one failure. */
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

// Starts real programs in each of the four ways, and checks output, exit codes, input, limits and errors.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { NetdojoError } from '../../lib/errors.ts'
import { Conversation } from '../../lib/exec/converse.ts'
import { spawnDaemon } from '../../lib/exec/daemon.ts'
import { run } from '../../lib/exec/run.ts'
import { shellQuote } from '../../lib/exec/shell-quote.ts'
import { suite } from '../helpers/suite.ts'

suite('exec', (test) => {
  test('run: output and exit code; a failure is an error that names command, code and message', async () => {
    const { stdout, exitCode } = await run('sh', ['-c', 'cat; echo "$1"', 'sh', 'a b'], {
      input: 'in\n',
    })
    assert.equal([stdout, exitCode], ['in\na b', 0])
    const fails = ['-c', 'echo no >&2; exit 3']
    assert.is((await run('sh', fails, { allowFailure: true })).exitCode, 3)
    const error = await thrownBy(run('sh', fails))
    assert.is(error.message, "cannot run sh -c 'echo no >&2; exit 3': exit code 3: no")
    assert.is((await thrownBy(run('no-such-program', []))).code, 'program-missing')
  })

  test('run: lines as they arrive, a signal that ends the program, and a copy of what the terminal shows', async () => {
    const lines: string[] = []
    await run('printf', ['%s\\n', 'a', 'b'], { onLine: (line) => lines.push(line) })
    assert.equal(lines, ['a', 'b'])
    const signal = AbortSignal.timeout(50)
    const started = performance.now()
    assert.is.not((await run('sleep', ['60'], { signal, allowFailure: true })).exitCode, 0)
    assert.ok(performance.now() - started < 30_000)
    const script = `
      const { run } = await import(process.argv[2])
      const { stderr, exitCode } = await run('sh', ['-c', 'cat; echo shown; echo both >&2; exit 4'],
        { tee: process.argv[1], allowFailure: true })
      console.log(JSON.stringify({ stderr, exitCode }))`
    const teed = (to: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script, to, fileOf('run')], {
        encoding: 'utf8',
        input: 'typed\n',
      })
    const kept = '{"stderr":"both","exitCode":4}\n'
    const [plain, moved] = [teed('stdout'), teed('stderr')]
    assert.equal([plain.stdout, plain.stderr], [`typed\nshown\n${kept}`, 'both\n'])
    assert.equal([moved.stdout, moved.stderr], [kept, 'typed\nshown\nboth\n'])
  })

  test('run with input, at once or later; a program that reads nothing is no error', async () => {
    assert.is((await run('cat', [], { input: 'now' })).stdout, 'now')
    const later = new Promise<string>((resolve) => setTimeout(resolve, 20, 'later'))
    assert.is((await run('cat', [], { input: later })).stdout, 'later')
    const answers = { allowFailure: true }
    const large = 'x'.repeat(1_000_000)
    assert.is((await run('false', [], { ...answers, input: large })).exitCode, 1)
    const rejected = run('cat', [], { ...answers, input: Promise.reject(new Error('none')) })
    assert.is((await rejected).exitCode, 137)
    const signal = AbortSignal.timeout(50)
    assert.is((await run('sleep', ['60'], { ...answers, input: '', signal })).exitCode, 137)
    assert.is((await thrownBy(run('no-such-program', [], { input: '' }))).code, 'program-missing')
    assert.is((await thrownBy(run('/etc/passwd', [], { input: '' }))).code, 'program-failed')
  })

  test('spawnDaemon: lines and pipe, streams, or a file; a missing program rejects both promises', async () => {
    const lines: string[] = []
    const cat = spawnDaemon('sh', ['-c', 'cat; echo bad >&2; exit 5'], {
      input: 'pipe',
      output: (line) => lines.push(line),
    })
    cat.write('one\ntwo\n')
    cat.endInput()
    assert.equal(await cat.ended, { exitCode: 5, stderr: 'bad\n' })
    assert.equal(lines, ['one', 'two'])
    const out: string[] = []
    const into = () =>
      new Writable({ write: (data: Buffer, _, done) => (out.push(data.toString()), done()) })
    const streams = { out: into(), error: into() }
    await spawnDaemon('sh', ['-c', 'echo a; sleep 0.1; echo b >&2'], {
      input: 'none',
      output: streams,
    }).ended
    assert.equal(out, ['a\n', 'b\n'])
    const directory = mkdtempSync(join(tmpdir(), 'netdojo-exec-'))
    const log = openSync(join(directory, 'log'), 'a')
    const session = ['-c', 'echo $$ $(cut -d" " -f6 /proc/$$/stat)']
    const daemon = spawnDaemon('sh', session, { input: 'none', output: log, detached: true })
    await daemon.started
    await daemon.ended
    // proc_pid_stat(5): the session's id is its own pid.
    assert.is(readFileSync(join(directory, 'log'), 'utf8'), `${daemon.pid} ${daemon.pid}\n`)
    rmSync(directory, { recursive: true })
    const missing = spawnDaemon('no-such-program', [], { input: 'none', output: log })
    assert.is((await thrownBy(missing.started)).code, 'program-missing')
    assert.is((await thrownBy(missing.ended)).code, 'program-missing')
  })

  test('converse: answers in order, with the errors; a program that ended is started again', async () => {
    await using bash = new Conversation({
      program: 'bash',
      args: [],
      flush: 'echo end $?',
      isLast: (line) => line.startsWith('end '),
      errors: 'answer',
    })
    const answers = await Promise.all([
      bash.ask(['echo 1; echo 2 >&2; echo 3', 'false']),
      bash.ask(['echo $$']),
    ])
    assert.equal(answers[0], { lines: ['1', '2', '3'], last: 'end 1' })
    assert.is((await bash.ask(['exit'])).last, undefined)
    const again = await bash.ask(['echo $$'])
    assert.is(again.last, 'end 0')
    assert.is.not(again.lines[0], answers[1].lines[0])
  })

  test('a shell reads every quoted word unchanged', () => {
    for (const word of ['', "it's", 'a b', '$(id)', '`id`', '-x', '!', '*', '\n', "'", '\\', 'ä'])
      assert.is(asShell([word]), `${word}\0`)
    assert.is(shellQuote('192.168.0.1/24'), '192.168.0.1/24')
    const words = fc.array(fc.string().map((text) => text.replaceAll('\0', '')))
    fc.assert(
      fc.property(words, (all) => {
        assert.is(asShell(all), all.map((word) => `${word}\0`).join(''))
      }),
      { numRuns: 50 },
    )
  })

  test('a file in the PATH that is not executable is not found', () => {
    const directory = mkdtempSync(join(tmpdir(), 'netdojo-exec-'))
    writeFileSync(join(directory, 'tool'), '')
    const script = `
      const { isInstalled } = await import(process.argv[1])
      console.log(isInstalled('tool'), isInstalled('sh'))`
    const { stdout } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, fileOf('search-path')],
      {
        encoding: 'utf8',
        env: { PATH: directory },
      },
    )
    assert.is(stdout, 'false true\n')
    rmSync(directory, { recursive: true })
  })
})

function fileOf(module: string): string {
  return join(import.meta.dirname, '../../lib/exec', `${module}.ts`)
}

function asShell(words: readonly string[]): string {
  const line = `for word in ${words.map(shellQuote).join(' ')}; do printf '%s\\0' "$word"; done`
  return spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout
}

async function thrownBy(promise: Promise<unknown>): Promise<NetdojoError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof NetdojoError) return error
  throw new Error(`expected a NetdojoError, got ${String(error)}`)
}

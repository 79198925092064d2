// Packs what `npm run build` writes and uses it as a stranger does: in an empty folder, by a stock Node, with the imports as docs/library.md has them.
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { apiReport, page as apiPage } from '../scripts/api.ts'
import { build } from '../scripts/build.ts'
import { newDirectory } from './helpers/directory.ts'
import { sandboxed } from './helpers/sandboxed.ts'
import { suite } from './helpers/suite.ts'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/library.md'), 'utf8')
const examples = [...page.matchAll(/^## (.*)$[^]*?```ts\n([^]*?)```\s+```text\n([^]*?)```/gm)]
const [, ownScenario = ''] = /```js\n([^]*?)```/.exec(page) ?? []

const built = newDirectory()
const user = newDirectory()
const installed = join(user, 'node_modules/netdojo')
build(built)
const [packed] = JSON.parse(npm(built, 'pack', '--json', '--pack-destination', built))
const tarball = join(built, packed.filename)
writeFileSync(join(user, 'package.json'), '{ "type": "module" }\n')
npm(user, 'install', '--prefer-offline', '--no-audit', '--no-fund', tarball)

suite('package', (test) => {
  test('the tarball has every file that a packed file needs, and no test', () => {
    const files: readonly string[] = packed.files.map(({ path }: { path: string }) => path)
    const needed = [
      'LICENSE',
      'README.md',
      'lib/index.d.ts',
      'lib/index.js.map',
      'lib/container/monitor.sh',
      'lib/container/finisher.js',
      'lib/sandbox/namespaces.sh',
      'lib/sandbox/world.sh',
      'lib/sandbox/bin/serve',
      'lib/cli/commands/completion/netdojo.bash',
    ]
    assert.equal(
      needed.filter((file) => !files.includes(file)),
      [],
    )
    assert.equal(
      files.filter((file) => /(^|\/)(test|bench|docs)\/|(?<!\.d)\.ts$|tsbuildinfo/.test(file)),
      [],
    )
  })

  test('no text of it names an npm script, which only the repository has', () => {
    // Behind `isCheckout`, or of programs that the package does not start.
    const known =
      /^lib\/(errors|language\/zh\/.*|sandbox\/vm\/.*|cli\/programs\/(catalogue|command-line)|cli\/shared\/state-directory|cli\/commands\/completion)\.js$/
    const named = globSync('**/*.{js,sh,bash,md,d.ts}', { cwd: installed })
      .filter((file) => file !== 'CHANGELOG.md' && !known.test(file))
      .flatMap((file) =>
        readFileSync(join(installed, file), 'utf8')
          .split('\n')
          .filter((line) => /npm run|npm test/.test(line) && !/^\s*(\/?\*|\/\/|#)/.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      )
    assert.equal(named, [])
    const netdojo = join(installed, 'lib/sandbox/bin/netdojo')
    const lines =
      'doctor,doctor --format json,--help,nonesuch,scenario nonesuch,completion --help,network create web,trace ping -c 1 127.0.0.1,capture,run true,reconcile'.split(
        ',',
      )
    const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : []
    for (const line of lines)
      for (const prefix of [[], asNobody]) {
        const words = [...prefix, 'timeout', '20', netdojo, ...line.split(' ')]
        const [program = '', ...args] = line.startsWith('doctor') || prefix.length > 0 ? words : []
        const { stdout, stderr } =
          program === ''
            ? inSandbox(...words)
            : spawnSync(program, args, { cwd: user, env: environment, encoding: 'utf8' })
        assert.not.match(`${stdout}${stderr}`, /npm (run|test|ci)|scripts\/|--in |defect/, line)
      }
  })

  test('it is small: under 30 packages and 15 MB', () => {
    const lock = JSON.parse(readFileSync(join(user, 'node_modules/.package-lock.json'), 'utf8'))
    const packages = Object.keys(lock.packages).length
    const [kilobytes = ''] = execFileSync('du', ['-sk', join(user, 'node_modules')], {
      encoding: 'utf8',
    }).split('\t')
    console.log(`tarball ${packed.size} bytes; installed ${kilobytes} KB, ${packages} packages`)
    assert.ok(packages < 30, `${packages} packages`)
    assert.ok(Number(kilobytes) < 15_000, `${kilobytes} KB`)
  })

  test('publint and attw find no fault', () => {
    console.log(run('publint', 'run', tarball, '--strict'))
    console.log(run('attw', tarball, '--profile', 'esm-only', '--format', 'ascii'))
  })

  test('docs/api.md is what the declarations say', () => {
    const { text: report, faults } = apiReport(built)
    assert.equal(
      faults,
      [],
      'everything reachable is exported, and every exported name is documented',
    )
    assert.fixture(readFileSync(apiPage, 'utf8'), report, 'npm run api writes the page anew')
    const less = join(installed, 'lib/index.d.ts')
    const text = readFileSync(less, 'utf8')
    writeFileSync(join(built, 'lib/index.d.ts'), text.replace(/^.*batchApplier.*\n/m, ''))
    assert.is.not(apiReport(built).text, report, 'a removed export changes the report')
    writeFileSync(join(built, 'lib/index.d.ts'), text)
    const records = join(built, 'lib/network/records.d.ts')
    const documented = readFileSync(records, 'utf8')
    writeFileSync(records, documented.replace("    /** The container's port. */\n", ''))
    assert.match(apiReport(built).faults.join('\n'), /records\.d\.ts: no docstring: readonly port/)
    writeFileSync(records, documented)
  })

  test('every example passes tsc --strict, with the declarations of the package', () => {
    mkdirSync(join(user, 'node_modules/@types'), { recursive: true })
    for (const name of ['@types/node', 'undici-types'])
      symlinkSync(join(root, 'node_modules', name), join(user, 'node_modules', name))
    const files = examples.map(([, , code = ''], index) => {
      writeFileSync(join(user, `example-${index}.ts`), code)
      return `example-${index}.ts`
    })
    writeFileSync(join(user, 'mine.js'), ownScenario)
    const options = '--strict --noEmit --target esnext --module nodenext --types node --checkJs'
    run('tsc', ...options.split(' '), ...files, 'mine.js')
  })

  test('the page has its examples', () => {
    assert.is(examples.length, (page.match(/```ts/g) ?? []).length)
    assert.ok(examples.length >= 7)
  })

  for (const [index, [, title = '', code = '', output = '']] of examples.entries())
    test(title, () => {
      writeFileSync(join(user, `example-${index}.ts`), code)
      const { status, stdout, stderr } = inSandbox(
        'sh',
        '-c',
        '"$0" "$1" && { ip -br link | grep "^nd" >&2; true; }',
        process.execPath,
        `example-${index}.ts`,
      )
      assert.is(stdout.replaceAll(/\b[0-9a-f]{16}\b|(?<=owner-)[0-9a-f]{8}/g, 'ID'), output, stderr)
      assert.is(status, 0, stderr)
      assert.is(stderr, '', 'it cleans up')
    })

  test('the installed command starts, and makes a network', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    assert.is(run('node_modules/.bin/netdojo', '--version'), `${version}\n`)
    const line =
      'netdojo network create --subnet 10.1.0.0/24 web && netdojo network ls && netdojo doctor'
    const { stdout, stderr } = inSandbox('sh', '-c', `PATH=$PWD/node_modules/.bin:$PATH; ${line}`)
    assert.match(stdout, /web +bridge +10\.1\.0\.0\/24/, stderr)
    assert.not.match(stdout + stderr, /defect|scripts\/setup/)
  })

  test('a scenario outside of the repository is played, and its checks can fail', () => {
    writeFileSync(join(user, 'mine.js'), ownScenario)
    const play = (file: string) => {
      const { status, stdout, stderr } = spawnSync(
        'node_modules/.bin/netdojo',
        ['scenario', file],
        {
          cwd: user,
          env: environment,
          encoding: 'utf8',
        },
      )
      return { status, text: stdout + stderr }
    }
    const held = play('./mine.js')
    assert.is(held.status, 0, held.text)
    assert.match(held.text, 'the host answers')
    writeFileSync(join(user, 'broken.js'), ownScenario.replace(/^.*ip address add.*\n/m, ''))
    assert.is(play('./broken.js').status, 1)
    assert.is(play('./nonesuch.js').status, 2)
    writeFileSync(join(user, 'none.js'), 'export default { name: "none" }')
    assert.is(play('./none.js').status, 2)
  })
})

/** Without what `npm test` tells its own programs. */
const environment = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: user }

function npm(cwd: string, ...args: readonly string[]): string {
  const { npm_config_prefix: _, ...env } = process.env
  return execFileSync('npm', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs a program of node_modules/.bin, or by its path, in the user's folder. */
function run(program: string, ...args: readonly string[]): string {
  const path = program.includes('/') ? program : join(root, 'node_modules/.bin', program)
  const { status, stdout, stderr } = spawnSync(path, args, {
    cwd: user,
    env: { ...environment, NO_COLOR: '1' },
    encoding: 'utf8',
  })
  assert.is(status, 0, stdout + stderr)
  return stdout
}

function inSandbox(...words: readonly string[]) {
  const { program, args, env } = sandboxed(words)
  const { status, output } = spawnSync(program, args, {
    cwd: user,
    env: { ...env, TMPDIR: undefined },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  const [, stdout = '', start = '', stderr = ''] = output
  return { status, stdout: stdout ?? '', stderr: `${start}${stderr}` }
}

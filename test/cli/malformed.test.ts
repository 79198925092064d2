// Tries malformed command lines and state files: each gives one paragraph and exit code 2 or 1, and no stack trace, change or shell command.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { nastyTexts } from '../helpers/nasty.ts'
import { call, isParagraph, output, type Answer } from '../helpers/command.ts'
import { kernelState, type KernelState } from '../helpers/kernel-state.ts'
import { long, slow } from '../helpers/long.ts'
import { newDirectory } from '../helpers/networks.ts'
import { cleanHost, sandboxSuite } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'

const lines = Number(process.env.NETDOJO_MALFORMED ?? (long ? 10_000 : slow ? 1500 : 100))
const files = long ? 3000 : slow ? 150 : 20
const trap = '/run/a-shell-was-here'

/** Text that a shell, a batch, a path or a parser could misread; no valid value looks like it. */
const nasty = fc.oneof(
  fc.constantFrom(
    ...nastyTexts,
    `a;touch ${trap}`,
    `$(touch ${trap})`,
    `\`touch ${trap}\``,
    `|touch ${trap}`,
    `'; touch ${trap} #`,
    '\u001B[2J',
    '%s%n',
    '=',
    '=x',
    '{{.ID}}',
    `/${'x'.repeat(300)}`,
    '/etc/passwd',
    '/etc/passwd/x',
    '/proc/self/ns/pid',
    '/run/netns',
    '/run/netns/c1\0',
    '/dev/null',
    '.hidden',
    '@x',
    '*',
    '~',
    '\\',
    '\r',
    '\u2028',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `!${text}`),
)
const networkName = nasty
const word = fc.constantFrom(
  'network',
  'ipam',
  'ls',
  'create',
  'web',
  'there',
  'c1',
  '10.77.0.0/24',
  'show',
)

const broken: fc.Arbitrary<readonly string[]> = fc.oneof(
  // An impossible value.
  ...['--subnet', '--gateway', '--ip-range', '--aux-address', '-d'].map((flag) =>
    nasty.map((value) => ['network', 'create', flag, value, 'web']),
  ),
  nasty.map((value) => [
    'network',
    'create',
    '--subnet',
    '10.77.0.0/24',
    '-o',
    `mtu=${value}`,
    'web',
  ]),
  nasty.map((value) => ['network', 'create', '-o', `${value}=1`, 'web']),
  nasty.map((value) => [
    'network',
    'create',
    '-o',
    `com.docker.network.bridge.name=${value}`,
    'web',
  ]),
  nasty.map((value) => ['network', 'create', '--label', `=${value}`, 'web']),
  networkName.map((value) => ['network', 'create', '--', value]),
  nasty.map((value) => ['network', 'ls', '--filter', `${value}=x`]),
  nasty.map((value) => ['network', 'ls', '--format', `!${value}`]),
  nasty.map((value) => ['ipam', 'show', '--format', `!${value}`]),
  ...['inspect', 'rm', 'disconnect', 'connect'].map((verb) =>
    nasty.map((value) => [
      'network',
      verb,
      '--',
      value,
      ...(verb.endsWith('connect') ? ['c1'] : []),
    ]),
  ),
  ...['connect', 'disconnect'].map((verb) =>
    nasty.map((value) => ['network', verb, '--', 'there', value]),
  ),
  ...['--ip', '--ip6', '--mac-address', '--interface', '-p', '--alias'].map((flag) =>
    nasty.map((value) => ['network', 'connect', flag, value, 'there', 'c1']),
  ),
  nasty.map((value) => ['ipam', 'show', '--', value]),
  nasty.map((value) => ['completion', '--', value]),
  // Too many words, too few words, or unknown words.
  nasty.map((value) => ['--', value]),
  nasty.filter((value) => value !== '').map((value) => [value, 'ls']),
  nasty.map((value) => ['network', '--', value]),
  fc
    .tuple(fc.constantFrom('network', 'ipam', 'reconcile', 'completion'), nasty)
    .map(([name, value]) => [name, `--${value}x`]),
  fc
    .tuple(fc.constantFrom('create', 'ls', 'connect', 'rm', 'prune'), nasty)
    .map(([verb, value]) => ['network', verb, `--no-such${value}`, 'web']),
  fc.constantFrom(
    ['network'],
    ['ipam'],
    ['network', 'create'],
    ['network', 'rm'],
    ['network', 'connect', 'there'],
    ['network', 'inspect'],
    ['completion'],
    ['network', 'create', 'web', '--subnet'],
    ['network', 'connect', 'there', 'c1', '-p'],
  ),
  fc
    .array(word, { minLength: 4, maxLength: 7 })
    .map((words) => ['network', 'create'].concat(words)),
  fc.array(nasty, { minLength: 1, maxLength: 3 }).map((words) => ['reconcile', '--'].concat(words)),
)

/** Tries each command on a damaged file: the file must stay as it is. */
const line = fc
  .tuple(broken, fc.constantFrom([], [], ['--dry-run'], ['--explain']))
  .map(([words, more]) =>
    words.includes('--') || !['create', 'connect', 'rm'].includes(words[1] ?? '')
      ? words
      : words.concat(more),
  )

sandboxSuite('malformed command lines and state files', (test, slow) => {
  test(
    `${lines} malformed command lines`,
    async () => {
      const directory = await start()
      const before = [await kernel(), contentOf(directory)]
      const codes = new Map<number, number>()
      await fc.assert(
        fc.asyncProperty(line, async (words) => {
          const answer = await call(words)
          requireRefused(words, answer)
          codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1)
        }),
        { numRuns: lines },
      )
      assert.equal([await kernel(), contentOf(directory)], before)
      assert.not.ok(existsSync(trap), 'a word reached a shell')
      assert.ok((codes.get(1) ?? 0) > lines / 50 && (codes.get(2) ?? 0) > lines / 4)
    },
    { seconds: 600 },
  )

  slow('some of them as processes of their own', async () => {
    const directory = await start()
    const before = [await kernel(), contentOf(directory)]
    for (const words of fc.sample(line, 12)) {
      // The arguments of a process cannot contain these characters.
      const args = words.map((word) => word.replaceAll('\0', '').toWellFormed())
      const { status, stdout, stderr } = spawnSync(
        join(import.meta.dirname, '../../lib/sandbox/bin/netdojo'),
        args,
        { encoding: 'utf8' },
      )
      requireRefused(args, { code: status ?? 0, out: stdout, err: stderr })
    }
    assert.equal([await kernel(), contentOf(directory)], before)
    assert.not.ok(existsSync(trap))
  })

  test(
    `${files} damaged state files`,
    async () => {
      const good = await start()
      const damaged = newDirectory()
      process.env.NETDOJO_STATE_DIRECTORY = damaged
      const before = await kernel()
      let refused = 0
      await fc.assert(
        fc.asyncProperty(damage, question, async (spoil, words) => {
          rmSync(damaged, { recursive: true })
          cpSync(good, damaged, { recursive: true })
          spoil(join(damaged, 'state.sqlite'))
          const answer = await call(words)
          if (answer.code === 0) return
          refused++
          requireRefused(words, answer)
        }),
        { numRuns: files },
      )
      // About half of them: of 20 files, one run in fifty thousand has so few by chance.
      assert.ok(refused > files / 20, `${refused} refused`)
      assert.equal(await kernel(), before)
    },
    { seconds: 600 },
  )

  test('no command changes a foreign or newer state file', async () => {
    await start()
    const before = await kernel()
    const path = join(process.env.NETDOJO_STATE_DIRECTORY ?? '', 'state.sqlite')
    const good = readFileSync(path)
    const spoilt: readonly (readonly [what: string, spoil: () => void, reason: RegExp])[] = [
      ['empty', () => writeFileSync(path, ''), /netdojo did not make this file/],
      ['text', () => writeFileSync(path, 'hello\n'.repeat(1000)), /not a database/],
      ['half', () => truncateSync(path, 4096), /malformed|no such table|did not make this file/],
      ['newer', () => change(path, 'PRAGMA user_version = 9'), /newer/],
      [
        'another’s',
        () => change(path, 'PRAGMA application_id = 9'),
        /netdojo did not make this file/,
      ],
    ]
    for (const [what, spoil, reason] of spoilt) {
      writeFileSync(path, good)
      spoil()
      const content = readFileSync(path)
      for (const words of [...questions, ...changes]) {
        const answer = await call(words)
        assert.is(answer.code, 1, `${what}: ${words.join(' ')}`)
        requireRefused(words, answer)
        assert.match(answer.err, reason)
        assert.equal(readFileSync(path), content, what)
      }
    }
    assert.equal(await kernel(), before)
  })
})

function requireRefused(words: readonly string[], { code, out, err }: Answer): void {
  const shown = `${JSON.stringify(words)} gave ${code}\n${out}\n${err}`
  assert.ok(code === 1 || code === 2, shown)
  // A command with several networks reports each of them.
  assert.ok(err.split(/(?<=\n)(?=netdojo: )/).every(isParagraph), shown)
  // inspect also prints the networks that it found, and a dry run first prints its title.
  assert.ok(out === '' || out === '[]\n' || out.startsWith('# Nothing is changed'), shown)
}

const questions = [
  ['network', 'ls'],
  ['network', 'inspect', 'there'],
  ['ipam', 'show'],
  ['network', 'create', '--dry-run', 'web'],
  ['network', 'rm', '--dry-run', '-f', 'there'],
  ['network', 'connect', '--dry-run', 'there', 'c2'],
  ['network', 'disconnect', '--dry-run', 'there', 'c1'],
  ['network', 'prune', '--dry-run'],
  ['reconcile', '--dry-run'],
]
const changes = [
  ['network', 'create', 'web'],
  ['network', 'rm', '-f', 'there'],
  ['network', 'connect', 'there', 'c2'],
  ['reconcile'],
]
const question = fc.constantFrom(...questions)

/** Damage by disks, by other programs and by people. */
const damage: fc.Arbitrary<(path: string) => void> = fc.oneof(
  fc
    .nat(60_000)
    .map(
      (length) => (path: string) => truncateSync(path, Math.min(length, readFileSync(path).length)),
    ),
  fc
    .array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 40 })
    .map((bytes) => (path: string) => {
      const content = readFileSync(path)
      for (const [at, octet] of bytes) content[at % content.length] = octet
      writeFileSync(path, content)
    }),
  fc
    .uint8Array({ maxLength: 3000 })
    .map((content) => (path: string) => writeFileSync(path, content)),
  fc.constant((path: string) => {
    rmSync(path)
    mkdirSync(path)
  }),
  ...[0, 1].map(() =>
    fc
      .tuple(
        fc.nat(),
        fc.oneof(
          fc.json(),
          fc.constantFrom('null', '5', '{}', '[]', '"x"', '{', `{"name":"$(touch ${trap})"}`),
          fc.uint8Array({ maxLength: 9 }),
        ),
      )
      .map(([which, value]) => (path: string) => {
        const database = new DatabaseSync(path)
        const keys = database.prepare('SELECT key FROM entry ORDER BY key').all()
        database
          .prepare('UPDATE entry SET value = ? WHERE key = ?')
          .run(value, String(keys[which % keys.length]?.key))
        database.close()
      }),
  ),
)

function change(path: string, statement: string): void {
  const database = new DatabaseSync(path)
  database.exec(statement)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
}

/** A network with an endpoint that publishes a port. @returns the state directory. */
async function start(): Promise<string> {
  cleanHost()
  const directory = newDirectory()
  process.env.NETDOJO_STATE_DIRECTORY = directory
  for (const name of ['c1', 'c2']) namespace(name)
  await output('network', 'create', '--subnet', '10.78.0.0/24', '--label', 'a=b', 'there')
  await output('network', 'connect', '-p', '8080:80', 'there', 'c1')
  return directory
}

function kernel(): Promise<KernelState> {
  return kernelState(['c1', 'c2'])
}

function contentOf(directory: string): unknown {
  const database = new DatabaseSync(join(directory, 'state.sqlite'))
  const entries = database.prepare('SELECT key, hex(value) AS value FROM entry ORDER BY key').all()
  database.close()
  return entries.map(({ key, value }) => `${String(key)} ${String(value)}`)
}

// docs/errors.md has every code of the library, each is thrown and documented, and no code is without its text. `UPDATE=1 node test/errors.test.ts` writes the page anew.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { NetdojoError, type ErrorCode } from '../lib/index.ts'
import { suite } from './helpers/suite.ts'

const root = join(import.meta.dirname, '..')
const path = join(root, 'docs/errors.md')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const [, union = ''] = /export type ErrorCode =([^]*?)\n\n/.exec(read('lib/errors.ts')) ?? []
const entries = [
  ...union.matchAll(/\/\*\*\s*((?:(?!\*\/)[^])*?) Advice: ([^]*?)\s*\*\/\s*\| '([\w-]+)'/g),
].map(([, cause = '', advice = '', code = '']) => ({ cause, advice, code }))

/** The methods of the library, each with the codes that its documentation names. */
const methods = [
  [
    'openNetworks',
    'lib/network/open-networks.ts',
    /\/\*\*([^]*?)\*\/\s*export async function (openNetworks)/g,
  ],
  [
    'Networks',
    'lib/network/networks.ts',
    /\/\*\*((?:(?!\*\/)[^])*?)\*\/\n {2}(?:async \*?|\*)?(\w+)\(/g,
  ],
  ['Ipam', 'lib/network/ipam.ts', /\/\*\*((?:(?!\*\/)[^])*?)\*\/\n {2}(\w+)\([^\n]*Promise</g],
  [
    'openContainers',
    'lib/container/open-containers.ts',
    /\/\*\*([^]*?)\*\/\s*export async function (openContainers)/g,
  ],
  ['explain', 'lib/network/plan.ts', /\/\*\*([^]*?)\*\/\s*export function (explain)/g],
  ['Applier', 'lib/kernel/plan.ts', /\/\*\*((?:(?!\*\/)[^])*?)\*\/\n {2}(apply)\(/g],
  ['Lock', 'lib/network/lock.ts', /\/\*\*((?:(?!\*\/)[^])*?)\*\/\n {2}(hold)</g],
  [
    'Containers',
    'lib/container/containers.ts',
    /\/\*\*((?:(?!\*\/)[^])*?)\*\/\n {2}(?:async \*?|\*)?(\w+)\(/g,
  ],
] as const

const throwers = methods.flatMap(([owner, file, pattern]) =>
  [...read(file).matchAll(pattern)].map(([, text = '', name = '']) => ({
    name: owner === name ? name : `${owner}.${name}`,
    isComplete: /@throws/.test(text),
    codes: new Set(/@throws([^]*)/.exec(text)?.[1]?.match(/`[\w-]+`/g) ?? []),
  })),
)

suite('errors', (test) => {
  test('docs/errors.md has every code', () => {
    assert.is(entries.length, (union.match(/^ {2}\| '/gm) ?? []).length)
    const rows = entries
      .toSorted((one, other) => one.code.localeCompare(other.code))
      .map(({ code, cause, advice }) => section(code, cause, advice))
    const text = `${heading}\n${rows.join('\n')}`
    if (process.env.UPDATE) writeFileSync(path, text)
    else assert.fixture(readFileSync(path, 'utf8'), text)
  })

  test('every code is thrown by the library, and documented where it is thrown', () => {
    const sources = globSync(
      'lib/{address,exec,store,kernel,ipam,firewall,driver,network,container}/**/*.ts',
      {
        cwd: root,
      },
    ).map(read)
    const code = sources.join('\n').replaceAll(/\/\*\*[^]*?\*\//g, '')
    assert.equal(
      entries.filter((entry) => !code.includes(`'${entry.code}'`)).map((entry) => entry.code),
      [],
    )
    const undocumented = entries.filter(
      (entry) =>
        !everywhere.test(entry.code) &&
        !throwers.some(({ codes }) => codes.has(`\`${entry.code}\``)),
    )
    assert.equal(
      undocumented.map((entry) => entry.code),
      [],
    )
  })

  test('every function and method says what it throws, and each code that it names exists', () => {
    assert.ok(throwers.length > 35, `${throwers.length}`)
    // `close` throws nothing, and `constructor` is internal.
    const silent = throwers.filter(
      ({ name, isComplete }) => !isComplete && !/\.(close|constructor)$/.test(name),
    )
    assert.equal(
      silent.map(({ name }) => name),
      [],
    )
    const codes = new Set(entries.map(({ code }) => `\`${code}\``))
    const unknown = throwers.flatMap(({ name, codes: named }) =>
      [...named]
        .filter((code) => !codes.has(code) && /-|^`(usage|aborted|closed)`$/.test(code))
        .map((code) => `${name}: ${code}`),
    )
    assert.equal(unknown, [])
  })

  test('error.retryable says whether a retry can help', () => {
    assert.ok(errorWith('port-in-use').retryable)
    assert.not.ok(errorWith('usage').retryable)
  })
})

function errorWith(code: ErrorCode): NetdojoError {
  return new NetdojoError({ code, operation: 'try', object: 'it', reason: 'it must be' })
}

/** What docs/errors.md says once for all methods. */
const everywhere = /^(state-|program-|kernel-|not-permitted$|closed$)|-(malformed|host-bits)$/

const heading = `# Errors

Every error of the library is a \`NetdojoError\`: \`code\` is one of these and never changes, \`reason\` has the values, and
\`advice\` says what to do next. If \`retryable\` is true, the same call can succeed later, because what is in its way can end by
itself. A method whose options are malformed throws \`usage\` or a code that ends in \`-malformed\` or \`-host-bits\`; every method
that uses the state can throw the codes that begin with \`state-\`; every change can throw \`not-permitted\` and the codes that begin
with \`kernel-\` and \`program-\`; after \`close\`, every method throws \`closed\`.
`

function section(code: string, cause: string, advice: string): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read from the type itself
  const retry = errorWith(code as ErrorCode).retryable ? 'can help' : 'does not help'
  const by = throwers
    .filter(({ codes }) => codes.has(`\`${code}\``))
    .map(({ name }) => `\`${name}\``)
  const flat = (text: string) => text.replaceAll(/\s*\n\s*\*\s*/g, ' ')
  return `## ${code}

- Cause: ${flat(cause)}
- What to do: ${flat(advice)}
- A retry ${retry}.
${by.length > 0 ? `- Thrown by ${by.join(', ')}.\n` : ''}`
}

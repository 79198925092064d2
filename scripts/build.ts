// Builds dist/, the package that others install: JavaScript, declarations and source maps by tsc, and beside them every file that is not TypeScript.
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The packages that the library, the command and a scenario load. */
const needed = [
  'chalk',
  'commander',
  'dedent',
  'execa',
  'ip-address',
  'koffi',
  'leven',
  'valibot',
  'zx',
]

/** Packages that one feature loads (pictures, the container sandbox): missingPackage in lib/cli/shared/errors.ts says what to install. */
const optional = ['elkjs', 'testcontainers']

/** Loaded by `npm run workshop`, `npm run fix`, `npm run web`, `npm run vm` and recordings alone, which are not in the package. */
const ofTheLab =
  /^lib\/(cli\/programs\/(workshop|fix|vm|ipam|shell|scenario|web)|workshop|fix|web|language\/zh\/index)\b|^scenarios\/broken\//

/** The package plays scenarios in namespaces only: nothing in it reads the recipes of the image and of the virtual machine. */
const ofOthers = /^lib\/sandbox\/(container|vm)\//

/** The first word says how: `from './x.ts'`, `import('./x.ts')`. */
const imports = /\b(from |import |import\()['"](\.[^'"]*)\.[jt]s['"]/g
const importsOfTs = /(?<=\b(?:from |import\()['"]\.[^'"]*)\.ts(?=['"])/g

if (import.meta.main) build(join(root, 'dist'))

/** Writes the package into the directory, and replaces what an earlier build wrote there. */
export function build(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  execFileSync(
    join(root, 'node_modules/.bin/tsc'),
    ['-p', 'tsconfig.build.json', '--outDir', directory],
    { cwd: root, stdio: 'inherit' },
  )
  removeUnreached(directory)
  // Scripts of the shell and of Perl, lists and recipes of images run as they are.
  for (const entry of globSync('lib/**/*', { cwd: root, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name))
    if (entry.isFile() && !/\.[jt]s$/.test(path) && !ofTheLab.test(path) && !ofOthers.test(path))
      cpSync(join(root, path), join(directory, path))
  }
  // netdojo doctor reads the list of tools in the script of the set-up.
  for (const file of ['LICENSE', 'CHANGELOG.md', 'scripts/setup.sh'])
    cpSync(join(root, file), join(directory, file))
  // The README of the repository is about its npm scripts, which the package does not have.
  writeFileSync(join(directory, 'README.md'), readme())
  for (const file of ['api.md', 'errors.md'])
    cpSync(join(root, 'docs', file), join(directory, file))
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
}

/** The page of the library, without links to pages that are only in the repository. */
function readme(): string {
  return readFileSync(join(root, 'docs/library.md'), 'utf8')
    .replace('# The library', '# netdojo')
    .replaceAll(/\[([^\]]*)\]\((?!api\.md|errors\.md)[^)]*\)/g, '$1')
}

function removeUnreached(directory: string): void {
  const kept = new Set<string>()
  const keep = (file: string) => {
    if (kept.has(file)) return
    kept.add(file)
    const path = join(directory, file)
    const [ending = ''] = /(\.d\.ts|\.js)$/.exec(file) ?? []
    const text = readFileSync(path, 'utf8')
    // tsc leaves `.ts` in the imports of declarations, where no such file is.
    if (ending === '.d.ts') writeFileSync(path, text.replaceAll(importsOfTs, '.js'))
    for (const [, kind, imported = ''] of text.matchAll(imports)) {
      const found = relative(directory, join(path, '..', imported)) + ending
      if (kind?.endsWith('(') !== true || !ofTheLab.test(found)) keep(found)
    }
  }
  for (const entry of ['lib/index', 'lib/scenario/index']) keep(`${entry}.d.ts`)
  for (const entry of ['index', 'scenario/index', 'container/finisher', 'container/rotating-log'])
    keep(`lib/${entry}.js`)
  const library = new Set(kept)
  keep('lib/cli/start.js')
  for (const file of globSync('**/*.{d.ts,js}', { cwd: directory }))
    if (!kept.has(file)) rmSync(join(directory, file))
  // The maps of the library are enough to debug a program that uses it; those of the command would double the package.
  for (const file of globSync('**/*.js.map', { cwd: directory })) {
    const code = file.replace(/\.map$/, '')
    if (library.has(code)) continue
    rmSync(join(directory, file))
    const path = join(directory, code)
    if (kept.has(code))
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''))
  }
}

function manifest() {
  const { name, version, description, license, type, engines, bin, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, dependencies[name]]))
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    os: ['linux'],
    libc: ['glibc'],
    exports: {
      '.': { types: './lib/index.d.ts', default: './lib/index.js' },
      './scenario': { types: './lib/scenario/index.d.ts', default: './lib/scenario/index.js' },
      './package.json': './package.json',
    },
    bin,
    files: ['lib', 'scenarios', 'scripts', 'CHANGELOG.md', 'api.md', 'errors.md'],
    dependencies: versions(needed),
    peerDependencies: versions(optional),
    peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
  }
}

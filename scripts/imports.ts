// Holds the import directions: which folder may import which, where each package may be imported, and that no files import in a circle.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The folders and files that each folder may import, in addition to itself. The longest name that fits a file is its row. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'lib/errors.ts': [],
  'lib/user-file.ts': ['lib/errors.ts'],
  'lib/address': ['lib/errors.ts'],
  'lib/language': [],
  'lib/exec': ['lib/errors.ts', 'lib/address'],
  'lib/store': ['lib/errors.ts', 'lib/address', 'lib/exec'],
  'lib/kernel': ['lib/errors.ts', 'lib/address', 'lib/exec'],
  'lib/ipam': ['lib/errors.ts', 'lib/address', 'lib/store'],
  'lib/firewall': ['lib/errors.ts', 'lib/address', 'lib/exec', 'lib/kernel'],
  'lib/driver': ['lib/errors.ts', 'lib/address', 'lib/exec', 'lib/kernel', 'lib/firewall'],
  'lib/network': [
    'lib/errors.ts',
    'lib/address',
    'lib/exec',
    'lib/store',
    'lib/kernel',
    'lib/ipam',
    'lib/firewall',
    'lib/driver',
  ],
  'lib/container': [
    'lib/errors.ts',
    'lib/address',
    'lib/exec',
    'lib/store',
    'lib/kernel',
    'lib/network',
  ],
  'lib/index.ts': [
    'lib/errors.ts',
    'lib/address',
    'lib/exec',
    'lib/store',
    'lib/kernel',
    'lib/firewall',
    'lib/driver',
    'lib/network',
    'lib/container',
  ],
  'lib/sandbox': ['lib/errors.ts', 'lib/exec'],
  'lib/observe': ['lib/errors.ts', 'lib/address', 'lib/language', 'lib/exec', 'lib/kernel'],
  'lib/scenario': [
    'lib/errors.ts',
    'lib/address',
    'lib/language',
    'lib/exec',
    'lib/kernel',
    'lib/observe',
  ],
  'lib/fix': ['lib/errors.ts', 'lib/user-file.ts', 'lib/language', 'lib/exec', 'lib/scenario'],
  'lib/workshop': [
    'lib/errors.ts',
    'lib/user-file.ts',
    'lib/address',
    'lib/language',
    'lib/exec',
    'lib/kernel',
    'lib/observe',
    'lib/sandbox',
    'lib/scenario',
  ],
  'lib/web': ['lib'],
  'lib/web/page': [
    'lib/web/moments.ts',
    'lib/web/protocol.ts',
    'lib/web/sharing.ts',
    'lib/web/ways.ts',
    'lib/language',
    'lib/kernel/state',
    'lib/observe',
    'lib/scenario',
    'lib/workshop',
  ],
  scenarios: ['lib/index.ts', 'lib/scenario/index.ts'],
  'scenarios/broken': ['lib/index.ts', 'lib/scenario/index.ts', 'lib/fix/index.ts'],
  'lib/cli': ['lib', 'scenarios'],
  scripts: ['lib/errors.ts', 'lib/cli'],
  test: ['lib', 'scenarios', 'scripts', 'bench'],
  bench: ['lib', 'scenarios', 'test/helpers'],
}

/** Each package, and each part of Node that one folder stands for, with the folders that may import it. */
export const packageFolders: Readonly<Record<string, readonly string[]>> = {
  '@inquirer/core': ['lib/workshop'],
  '@inquirer/select': ['lib/cli'],
  '@lydell/node-pty': ['lib/web'],
  '@microsoft/api-extractor': ['scripts'],
  '@preact/signals': ['lib/web'],
  '@xterm/addon-fit': ['lib/web'],
  '@xterm/xterm': ['lib/web'],
  chalk: ['lib/scenario', 'lib/workshop', 'lib/cli', 'test'],
  commander: ['lib/cli'],
  dedent: ['lib/scenario', 'lib/fix'],
  elkjs: ['lib/observe'],
  esbuild: ['lib/web'],
  execa: ['lib/exec'],
  'fast-check': ['test'],
  'ip-address': ['lib/address'],
  koffi: ['lib/kernel'],
  leven: ['lib/cli'],
  'node:child_process': ['lib/exec', 'scripts', 'test', 'bench'],
  'node:sqlite': ['lib/store', 'test'],
  'p-map': ['lib/cli', 'test'],
  'playwright-core': ['test'],
  preact: ['lib/web'],
  'string-width': ['test'],
  testcontainers: ['lib/sandbox'],
  uvu: ['test'],
  valibot: ['lib/address'],
  ws: ['lib/web', 'test'],
  zx: ['lib/scenario'],
}

type Import = { readonly file: string; readonly what: string }

/** @returns one line for each import that the tables do not allow, and for each circle. */
export function importFaults(root: string): readonly string[] {
  const files = globSync('{lib,scenarios,scripts,test,bench}/**/*.{ts,js}', { cwd: root })
  const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
  return [...imports.flatMap(faultOf), ...circlesOf(files, imports)]
}

/** `import` and `export … from` statements, those of types included, and dynamic imports. */
export function importsOf(file: string, source: string): readonly Import[] {
  const statements =
    /^\s*(?:import|export)\s(?:[^'"`;=]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...source.matchAll(statements)].map(([, from = '', called = from]) => {
    const isFile = called.startsWith('.')
    return { file, what: isFile ? relative('.', join(dirname(file), called)) : called }
  })
}

/** At most one line: why this import is not allowed. */
export function faultOf({ file, what }: Import): readonly string[] {
  const importer = rowOf(file)
  if (importer === undefined) return [`${file}: no row of scripts/imports.ts is for this folder`]
  if (/^(lib|scenarios|scripts|test|bench)\//.test(what)) {
    const allowed = mayImport[importer] ?? []
    if (rowOf(what) === importer || allowed.some((folder) => isWithin(what, folder))) return []
    return [`${file} imports ${what}: ${importer} may import ${allowed.join(', ') || 'nothing'}`]
  }
  const name = /^(@[^/]+\/[^/]+|node:\w+|[^/]+)/.exec(what)?.[1] ?? what
  const folders = packageFolders[name]
  if (folders === undefined && name.startsWith('node:')) return []
  if (folders?.some((folder) => isWithin(file, folder))) return []
  return [
    `${file} imports ${name}: only ${folders?.join(', ') ?? 'a package of scripts/imports.ts'} may`,
  ]
}

function rowOf(path: string): string | undefined {
  const rows = Object.keys(mayImport).filter((row) => isWithin(path, row))
  return rows.toSorted((one, other) => other.length - one.length)[0]
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}

/** Follows imports, those of types included: two files that import each other cannot be read one after the other. */
export function circlesOf(files: readonly string[], imports: readonly Import[]): readonly string[] {
  const next = Map.groupBy(imports, ({ file }) => file)
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file)
    const circle = at < 0 ? [] : path.slice(at)
    if (circle.length > 0) circles.push(`imports in a circle: ${[...circle, file].join(' -> ')}`)
    if (at >= 0 || done.has(file)) return
    for (const { what } of next.get(file) ?? []) visit(what, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return circles
}

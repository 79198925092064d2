// Writes docs/api.md, the report of all that the package exports, from the declarations of a build; a check fails when the page differs.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { build } from './build.ts'

const root = join(import.meta.dirname, '..')
export const page = join(root, 'docs/api.md')

const heading = `# The public API

Generated from the declarations. Do not edit this page. A change here is a change for users: the version
and CHANGELOG.md follow it (semver.org).
`

const entries = [
  ['netdojo', 'lib/index.d.ts'],
  ['netdojo/scenario', 'lib/scenario/index.d.ts'],
] as const

/**
 * @param directory of a build.
 * @returns the text of the page, and the faults: types that are reachable and not exported, and names without documentation.
 */
export function apiReport(directory: string): {
  readonly text: string
  readonly faults: readonly string[]
} {
  const sections = entries.map(([name, file]) => section(directory, name, file))
  const text = [heading, ...sections.map(({ text }) => text)].join('\n')
  const names = [...text.matchAll(exported)].map(([, name = '']) => name)
  return {
    text,
    faults: [
      ...sections.flatMap(({ faults }) => faults),
      ...globSync('lib/**/*.d.ts', { cwd: directory }).flatMap((file) =>
        undocumented(readFileSync(join(directory, file), 'utf8'), new Set(names)).map(
          (line) => `${file}: no docstring: ${line}`,
        ),
      ),
    ],
  }
}

const exported = /^export (?:declare )?(?:abstract )?(?:type|class|const|function) (\w+)/gm
/** A field or a method, which tsc writes at the beginning of a line. */
const member = /^\s+(?:readonly |get |static |override )*(\[[\w.]+\]|\w+)\??[(:<]/

/**
 * The lines of a declaration file that declare an exported name, a field or a method without a docstring before it. An
 * overload shares that of the one before.
 */
export function undocumented(text: string, names: ReadonlySet<string>): readonly string[] {
  const lines = text.split('\n')
  const faults: string[] = []
  let isPublic = false
  for (const [index, line] of lines.entries()) {
    const [, name] = new RegExp(exported.source).exec(line) ?? []
    if (/^\S/.test(line) && !/^[}/)|\]]/.test(line))
      isPublic = name !== undefined && names.has(name)
    const [, field] = name === undefined ? (member.exec(line) ?? []) : [line, name]
    const before = lines[index - 1] ?? ''
    const [, above] = member.exec(before) ?? []
    if (isPublic && field !== undefined && !/\*\/\s*$/.test(before) && above !== field)
      faults.push(line.trim())
  }
  return faults
}

function section(directory: string, name: string, file: string) {
  const folder = join(directory, 'report')
  mkdirSync(folder, { recursive: true })
  const entry = join(directory, file)
  const compilerOptions = {
    module: 'nodenext',
    target: 'esnext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { '*': [join(root, 'node_modules/*')] },
    strict: true,
    skipLibCheck: true,
  }
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: 'report',
        reportFolder: folder,
        reportTempFolder: folder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => void (message.handled = true),
  })
  const report = readFileSync(config.reportFilePath, 'utf8')
  rmSync(folder, { recursive: true })
  // The list of warnings at the end has line numbers, which say nothing about the interface.
  const code = report.slice(report.indexOf('```ts')).replace(/^\/\/ Warnings were[^]*(?=```)/m, '')
  const faults = report.match(/.*\(ae-(?:forgotten-export|undocumented)\).*/g) ?? []
  return { text: `## ${name}\n\n${code}`, faults }
}

if (import.meta.main) {
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-api-'))
  build(directory)
  const { text, faults } = apiReport(directory)
  writeFileSync(page, text)
  for (const fault of faults) console.error(fault)
  rmSync(directory, { recursive: true })
}

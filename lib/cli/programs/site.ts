// Writes a static site: the page with a recording of each scenario and broken network, which needs no server and plays from files.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pMapIterable } from 'p-map'
import { NetdojoError } from '../../errors.ts'
import { enterQuietly } from '../../sandbox/enter.ts'
import type { BrokenNetwork } from '../../fix/broken.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Missed, Recording } from '../../web/moments.ts'
import { bundle, pageDirectory } from '../../web/server/bundle.ts'
import {
  brokenNames,
  chapters,
  loadBroken,
  loadScenario,
  numberOf,
  playableScenarios,
} from './catalogue.ts'
import { messageOf, quoted } from '../shared/errors.ts'
import { insideCommand } from './request.ts'
import { missedChecks } from './missed.ts'
import { runQuietly, whole } from './scenario/play-all.ts'

export type SiteOptions = {
  readonly directory: string
  /** Whether each command also has the checks that fail without it: this takes some minutes. */
  readonly why: boolean
  /** Default those that can be played here. */
  readonly scenarios?: readonly string[]
  readonly broken?: readonly string[]
  /** Called for each page that is written, with its size in bytes. */
  readonly onPage?: (file: string, size: number) => void
}

/** @throws NetdojoError `usage` for a directory that cannot be made, or that has files which are no site; nothing is written then */
export async function writeSite(options: SiteOptions): Promise<void> {
  const { directory, why, broken = brokenNames } = options
  const { scenarios = (await playableScenarios()).names } = options
  makeDirectory(directory)
  const [built, lessons, networks] = await Promise.all([
    bundle(),
    Promise.all(scenarios.map(loadScenario)),
    Promise.all(broken.map(loadBroken)),
  ])
  writeFileSync(join(directory, 'page.js'), built.script)
  writeFileSync(join(directory, 'page.css'), built.style)
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'netdojo-site-'))
  const record = (subject: Scenario | BrokenNetwork) => {
    const file = join(temporary.path, `${subject.name}.json`)
    return 'fault' in subject ? recordedBroken(subject, file) : recordedLesson(subject, file, why)
  }
  // More runs at once would disturb the times of the packets.
  const recordings = pMapIterable(
    [...lessons, ...networks].values(),
    async (subject) => ({ subject, recording: await record(subject) }),
    { concurrency: 2 },
  )
  const site: { readonly lessons: object[]; readonly broken: object[] } = {
    lessons: [],
    broken: [],
  }
  for await (const { subject, recording } of recordings) {
    // The name of a broken network may tell its fault.
    const isBroken = 'fault' in subject
    const page = isBroken ? `broken-${numberOf(subject)}` : subject.name
    const text = scriptOf('netdojoRecording', recording)
    writeFileSync(join(directory, `recordings/${page}.js`), text)
    writeFileSync(join(directory, `${page}.html`), htmlWith(`recordings/${page}.js`, subject.title))
    options.onPage?.(`${page}.html`, Buffer.byteLength(text))
    const { name, title } = subject
    const file = `${page}.html`
    if (isBroken) {
      const { difficulty } = subject
      site.broken.push({ name: page, number: numberOf(subject), title, difficulty, file })
    } else
      site.lessons.push({
        name,
        title,
        chapter: chapters[name] ?? null,
        file,
        ...sizeOf(recording),
      })
  }
  writeFileSync(join(directory, 'site.js'), scriptOf('netdojoSite', site))
  writeFileSync(join(directory, 'index.html'), htmlWith('site.js', 'netdojo'))
}

/** Makes the directory with its parents, or takes that of an earlier site. */
function makeDirectory(directory: string): void {
  const refused = (reason: string, cause?: unknown) =>
    new NetdojoError({
      code: 'usage',
      operation: 'write',
      object: `the site to ${quoted(directory)}`,
      reason,
      advice: ['name a new directory: npm run docs -- --site /tmp/site'],
      cause,
    })
  const recordings = join(directory, 'recordings')
  try {
    mkdirSync(directory, { recursive: true })
    const isOther = readdirSync(directory).length > 0 && !existsSync(join(directory, 'page.js'))
    if (isOther) throw refused('the directory must be empty or contain an earlier site')
    mkdirSync(recordings, { recursive: true })
  } catch (error) {
    throw error instanceof NetdojoError ? error : refused(messageOf(error), error)
  }
}

async function recordedLesson({ name }: Scenario, file: string, why: boolean): Promise<Recording> {
  await runQuietly({ ...whole(name, 'ip'), record: file })
  const recording = recordingIn(file, name)
  return why ? withMissed(recording, await missedChecks(name, recording)) : recording
}

/** The reader of a recording has the answers from the beginning. */
function withMissed({ moments, ...recording }: Recording, missed: readonly Missed[]): Recording {
  const after = 1 + moments.findIndex(({ kind }) => kind === 'outline')
  const found = missed.map((each) => Object.assign({ at: 0 }, each))
  return { ...recording, moments: [...moments.slice(0, after), ...found, ...moments.slice(after)] }
}

async function recordedBroken({ name }: BrokenNetwork, file: string): Promise<Recording> {
  const nobody = { seed: 0, script: [], results: '/dev/null', language: 'en' as const }
  const command = insideCommand({
    kind: 'fix',
    name,
    record: file,
    ...nobody,
    color: false,
    plain: false,
    columns: 80,
  })
  await enterQuietly(command, () => {})
  return recordingIn(file, name)
}

/** @throws NetdojoError if the run did not come to its end */
function recordingIn(file: string, name: string): Recording {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program inside wrote it
  const recording = JSON.parse(readFileSync(file, 'utf8') || '{"moments":[]}') as Recording
  const end = recording.moments.flatMap((moment) =>
    moment.kind === 'event' && moment.event.type === 'scenario-ended' ? [moment.event] : [],
  )[0]
  const [begins] = recording.moments
  const isBroken = begins?.kind === 'begins' && begins.subject.kind === 'broken'
  // The first checks of a broken network fail.
  if (end?.outcome === 'held' || (isBroken && end?.outcome === 'failed')) return recording
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'record',
    object: name,
    reason:
      end?.error ??
      `it ended as ${end?.outcome ?? 'nothing'}, with ${end?.failed ?? 0} failed checks`,
    advice: [isBroken ? 'npm run fix shows it' : `npm run scenario ${name} shows what fails`],
  })
}

function sizeOf({ moments }: Recording): { readonly steps: number; readonly checks: number } {
  const steps = moments.flatMap((moment) => (moment.kind === 'outline' ? moment.steps : []))
  const checks = steps.flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'check'))
  return { steps: steps.length, checks: checks.length }
}

/** A script that a page loads from a file, where a browser reads no JSON. */
function scriptOf(name: string, value: object): string {
  return `globalThis.${name}=${JSON.stringify(value)}\n`
}

/** The page, with a script before its own. */
function htmlWith(script: string, title: string): string {
  const escaped = title.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
  return readFileSync(join(pageDirectory, 'index.html'), 'utf8')
    .replace(
      '<script src="page.js"',
      `<script src="${script}" defer></script>\n    <script src="page.js"`,
    )
    .replace('<title>netdojo</title>', `<title>${escaped}</title>`)
}

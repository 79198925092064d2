// Finds the checks that fail without each command of a lesson, for the site. Each answer is kept until the lesson, or the code that plays
// it, changes: a run that was interrupted goes on where it was, and the next site needs no sandbox for it.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pMap from 'p-map'
import { askWithout } from '../../web/inside/without.ts'
import type { Missed, OutlinedStep, Recording } from '../../web/moments.ts'
import { insideCommand } from './request.ts'
import { patienceFor, workCommands } from './scenario/ablate.ts'
import { atOnce } from './scenario/play-all.ts'

export type MissedOptions = {
  /** Where the answers are kept. */
  readonly directory?: string
  /** Plays the lesson without a command. */
  readonly ask?: typeof askWithout
}

type Kept = Record<number, Missed>

/** The runs of a longer scenario end at the first check that fails: otherwise they take a quarter of an hour. */
const mostCommands = 50
/** What decides which commands a lesson runs, and what its checks observe. */
const folders = ['scenario', 'sandbox', 'network', 'driver', 'firewall', 'ipam', 'web/inside'].map(
  (folder) => `lib/${folder}`,
)
const root = join(import.meta.dirname, '../../..')

/** Per command, the checks that fail without it: all of them, or the first one where the scenario is long. */
export async function missedChecks(
  scenario: string,
  recording: Recording,
  { directory = join(root, 'node_modules/.cache/netdojo'), ask = askWithout }: MissedOptions = {},
): Promise<readonly Missed[]> {
  const events = recording.moments.flatMap((moment) =>
    moment.kind === 'event' ? [moment.event] : [],
  )
  const commands = workCommands(events)
  const same = {
    kind: 'web-without' as const,
    scenario,
    dialect: 'ip' as const,
    check: null,
    patience: patienceFor(events),
    stopAtFailure: commands.length > mostCommands,
  }
  const file = join(directory, `missed-${scenario}-${versionOf(recording)}.json`)
  const kept = read(file)
  return pMap(
    commands,
    async ({ command }) => {
      const known = kept[command]
      if (known) return known
      const { missed } = await ask(insideCommand({ ...same, command }), command)
      kept[command] = missed
      keep(file, kept)
      return missed
    },
    { concurrency: atOnce('namespaces') },
  )
}

/** A hash of the lesson's commands and checks, and of the code that plays it and builds its world. */
function versionOf({ moments }: Recording): string {
  const hash = createHash('sha256')
  for (const moment of moments)
    for (const { entries } of moment.kind === 'outline' ? moment.steps : [])
      hash.update(JSON.stringify(entries.map(asPlayed)))
  for (const folder of folders)
    for (const file of readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      if (file.isFile()) hash.update(readFileSync(join(file.parentPath, file.name)))
  return hash.digest('hex').slice(0, 16)
}

/** The library chooses names of devices by chance. */
function asPlayed(entry: OutlinedStep['entries'][number]): readonly unknown[] {
  if (entry.kind === 'command')
    return [entry.command, entry.node, entry.typed ? entry.line : 'a call']
  return Object.values(entry)
}

function read(file: string): Kept {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by keep
    return JSON.parse(readFileSync(file, 'utf8')) as Kept
  } catch {
    return {}
  }
}

function keep(file: string, kept: Kept): void {
  const whole = `${file}.${process.pid}`
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(whole, JSON.stringify(kept))
    renameSync(whole, file)
  } catch {
    // A read-only checkout: it is found again next time.
  }
}

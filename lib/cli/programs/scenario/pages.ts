// Writes the pages of all scenarios and their pictures from one run of each: the files of docs/scenarios/. A scenario that cannot be
// played here keeps the pages that it has.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pMapIterable } from 'p-map'
import { NetdojoError } from '../../../errors.ts'
import { languages, translator } from '../../../language/translate.ts'
import { topologySvg } from '../../../observe/topology/svg.ts'
import type { ScenarioEvent } from '../../../scenario/events.ts'
import { contentsPage, contentsRow, scenarioPage } from '../../../scenario/render/markdown/page.ts'
import { pictureFile, pictured, themes } from '../../../scenario/render/markdown/pictures.ts'
import { steadyEvents } from '../../../scenario/render/markdown/steady-events.ts'
import { playableScenarios, scenarioNames } from '../catalogue.ts'
import { atOnce, ofType, runQuietly, whole } from './play-all.ts'

export type Runs = ReadonlyMap<string, readonly ScenarioEvent[]>

/** @param directory has the pages of the last time: docs/scenarios. @returns the text of each file, by its path in there. */
export async function pagesOf(
  played: Runs,
  directory: string,
): Promise<ReadonlyMap<string, string>> {
  const runs = new Map([...played].map(([name, events]) => [name, steadyEvents(events)]))
  const files = new Map<string, string>()
  const committed = (path: string) => readFileSync(join(directory, path), 'utf8')
  for (const name of scenarioNames.filter((each) => !runs.has(each)))
    for (const path of globSync(`**/${name}{.md,-[0-9]*}`, { cwd: directory }))
      files.set(path, committed(path))
  for (const [name, events] of runs)
    for (const { step, topology } of pictured(events))
      for (const theme of themes)
        files.set(pictureFile(`${name}-${step}`, theme), await topologySvg(topology, theme))
  for (const language of languages) {
    const translate = await translator(language)
    const folder = language === 'en' ? '' : `${language}/`
    const rows = scenarioNames.map((name) => {
      const events = runs.get(name)
      if (events) return contentsRow(name, events, translate)
      const lines = committed(`${folder}README.md`).split('\n')
      return lines.find((line) => line.startsWith(`| [${name}]`)) ?? ''
    })
    files.set(`${folder}README.md`, contentsPage(rows, { language, translate }))
    for (const [name, events] of runs) {
      const index = scenarioNames.indexOf(name)
      const [previous, next] = [scenarioNames[index - 1], scenarioNames[index + 1]]
      files.set(
        `${folder}${name}.md`,
        scenarioPage(events, { language, translate, previous, next }),
      )
    }
  }
  return files
}

/** Plays each scenario once, with the changes of each step. */
export async function playScenarios(): Promise<Runs> {
  const { names } = await playableScenarios()
  const played = pMapIterable(
    names,
    (name) => runQuietly({ ...whole(name, 'ip'), difference: true }),
    { concurrency: atOnce('namespaces') },
  )
  const runs = new Map<string, readonly ScenarioEvent[]>()
  for await (const events of played) {
    const name = names[runs.size] ?? ''
    requireWhole(name, events)
    runs.set(name, events)
  }
  return runs
}

function requireWhole(name: string, events: readonly ScenarioEvent[]): void {
  const end = ofType(events, 'scenario-ended')[0]
  const unfollowed = ofType(events, 'journey').find(({ error }) => error !== null)
  if (end?.outcome === 'held' && !unfollowed) return
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'write',
    object: `the page of ${name}`,
    reason:
      unfollowed?.error ??
      end?.error ??
      `it ended as ${end?.outcome}, with ${end?.failed} failed checks`,
    advice: [`npm run scenario ${name} shows what fails`],
  })
}

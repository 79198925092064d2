// `npm run pictures`: plays the scenarios and draws the network that each leaves in the kernel, into docs/pictures/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scenarioNames } from '../lib/cli/catalogue.ts'
import { whole } from '../lib/cli/play-all.ts'
import { ofType, runQuietly } from '../lib/cli/run-quietly.ts'
import { topologyMermaid } from '../lib/observe/topology/mermaid.ts'
import { topologySvg } from '../lib/observe/topology/svg.ts'

const directory = process.env.NETDOJO_PICTURES ?? join(import.meta.dirname, '../docs/pictures')
const [names, unknown] = [
  process.argv.slice(2),
  process.argv.slice(2).filter((name) => !scenarioNames.includes(name)),
]
if (unknown.length > 0) throw new Error(`no scenario is called ${unknown.join(', ')}`)

mkdirSync(directory, { recursive: true })
for (const name of names.length > 0 ? names : scenarioNames) {
  const events = await runQuietly({ ...whole(name, 'ip'), difference: true })
  const outcome = ofType(events, 'scenario-ended')[0]?.outcome
  const topology = ofType(events, 'network-changed').at(-1)?.topology
  if (outcome !== 'held' || !topology)
    throw new Error(`${name} ended as ${outcome}: no picture of it`)
  writeFileSync(join(directory, `${name}.svg`), await topologySvg(topology))
  writeFileSync(join(directory, `${name}.mmd`), topologyMermaid(topology))
  console.log(join(directory, `${name}.svg`))
}

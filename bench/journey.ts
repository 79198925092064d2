// Measures each journey of the scenario `masquerade` against the check that sends the same packet, and the difference of a step.
import { run } from '../lib/exec/run.ts'
import type { ScenarioEvent } from '../lib/scenario/events.ts'
import { median, printTable } from './table.ts'

const rounds = Number(process.env.ROUNDS ?? 7)
const start = new URL('../lib/cli/start.js', import.meta.url).pathname

const asked: number[] = []
const followed: number[] = []
const differences: number[] = []
for (let round = 0; round < rounds; round += 1) {
  const { stdout } = await run(process.execPath, [start, 'scenario', 'masquerade', '--json'])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own other half writes them
  const events = stdout.split('\n').map((line) => JSON.parse(line) as ScenarioEvent)
  for (const [index, event] of events.entries()) {
    if (event.type === 'network-changed') differences.push(event.milliseconds)
    // The first ping is not answered, so most of its time is waiting.
    if (event.type !== 'journey' || event.journey?.outcome !== 'answered') continue
    followed.push(event.at - (events[index - 1]?.at ?? 0))
    const same = events.findIndex(
      (other) =>
        other.type === 'check-started' && other.line === event.line && other.node === event.node,
    )
    const check = events.slice(Math.max(same, 0)).find(({ type }) => type === 'check-ended')
    if (same >= 0 && check?.type === 'check-ended' && check.holds) asked.push(check.milliseconds)
  }
}

const ping = median(asked)
console.log(`\nmedians of ${rounds} runs\n`)
printTable([
  ['', 'ms', 'more than the ping'],
  ['a ping, as a check', ping.toFixed(0), ''],
  ['the same, followed', median(followed).toFixed(0), (median(followed) - ping).toFixed(0)],
  ['what a step changed', median(differences).toFixed(0), ''],
])

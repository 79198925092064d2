// Within a second sandbox: plays a scenario ahead of the learner, and prints what it does and what becomes of it, a line of JSON at a time.
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import { play } from '../../scenario/play.ts'
import { recordOutline } from '../../workshop/outline.ts'
import { loadScenario } from '../catalogue.ts'
import { exitCodes } from '../exit-codes.ts'
import type { OutlineRequest } from '../request.ts'

export async function outline({ scenario, from, dialect }: OutlineRequest): Promise<number> {
  const { guide, record } = recordOutline(from, takeSnapshot, (line) =>
    process.stdout.write(`${JSON.stringify(line)}\n`),
  )
  const outcome = await play(
    await loadScenario(scenario),
    { dialect, without: null, patience: 0, guide },
    record,
  )
  return outcome === 'broken' ? exitCodes.labBroken : exitCodes.held
}

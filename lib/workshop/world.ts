// Reads the state that goals are made of: the kernel's, and the output of the commands that a scenario names for what it keeps elsewhere.
import { run } from '../exec/run.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { World } from './goal/goal.ts'

/** @param state `Scenario.state` */
export async function takeWorld(state: Scenario['state'] = {}): Promise<World> {
  const [snapshot, outputs] = await Promise.all([
    takeSnapshot(),
    Promise.all(
      Object.entries(state).map(async ([name, command]) => {
        const { stdout } = await run('bash', ['--norc', '-c', command], {
          input: '',
          allowFailure: true,
        })
        return [name, stdout.trimEnd()] as const
      }),
    ),
  ])
  return { ...snapshot, outputs: Object.fromEntries(outputs) }
}

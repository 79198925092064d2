// Opens the containers of this place's state directory, for one command.
import { dirname, join } from 'node:path'
import {
  openContainers,
  openNetworks,
  type Containers,
  type ContainerStep,
  type Plan,
} from '../index.ts'
import { stateDirectory } from './state-directory.ts'

export type Listeners = {
  readonly onPlan?: (plan: Plan) => void
  readonly onStep?: (step: ContainerStep) => void
}

export async function useContainers<T>(
  body: (containers: Containers) => Promise<T>,
  listeners: Listeners = {},
): Promise<T> {
  const directory = stateDirectory()
  await using networks = await openNetworks({
    stateDirectory: directory,
    ...(listeners.onPlan ? { onPlan: listeners.onPlan } : {}),
  })
  await using containers = await openContainers({
    networks,
    stateDirectory: directory,
    // `serve` and its like, and the Node that runs them.
    tools: [join(import.meta.dirname, '../sandbox/bin'), dirname(process.execPath)],
    ...(listeners.onStep ? { onStep: listeners.onStep } : {}),
  })
  return await body(containers)
}

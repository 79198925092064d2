// Finds scenarios by name; a name that is not there is answered with the nearest one that is.
import { scenarios } from '../../scenarios/index.ts'
import { NetdojoError } from '../errors.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** In teaching order. */
export const scenarioNames: readonly string[] = Object.keys(scenarios)

/** @throws NetdojoError `usage` for an unknown name. */
export async function loadScenario(name: string): Promise<Scenario> {
  const load = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (!load) throw await unknown(name)
  return (await load()).default
}

async function unknown(name: string): Promise<NetdojoError> {
  const { default: leven } = await import('leven')
  const nearest = scenarioNames.toSorted((a, b) => leven(name, a) - leven(name, b))[0] ?? ''
  // More than half of the letters wrong is no typing error.
  const close = leven(name, nearest) <= Math.max(name.length, nearest.length) / 2
  return new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the scenario '${name}'`,
    reason: 'there is none of that name',
    advice: [...(close ? [`did you mean ${nearest}?`] : []), 'npm run scenario lists them all'],
  })
}

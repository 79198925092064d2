// Finds scenarios by name, and broken networks by number or name; an unknown name is answered with the nearest one.
import { brokenNetworks } from '../../../scenarios/broken/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { NetdojoError } from '../../errors.ts'
import type { BrokenNetwork } from '../../fix/broken.ts'
import type { Scenario } from '../../scenario/scenario.ts'

/** In teaching order. */
export const scenarioNames: readonly string[] = Object.keys(scenarios)

/** @throws NetdojoError `usage` for an unknown name. */
export async function loadScenario(name: string): Promise<Scenario> {
  const load = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (!load) throw await unknownScenario(name)
  return (await load()).default
}

async function unknownScenario(name: string): Promise<NetdojoError> {
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

/** The easier ones first; a network's number is its place here, from 1. */
export const brokenNames: readonly string[] = Object.keys(brokenNetworks)

/** @throws NetdojoError `usage` for one that is not there. */
export async function loadBroken(numberOrName: string): Promise<BrokenNetwork> {
  const name = /^\d+$/.test(numberOrName) ? brokenNames[Number(numberOrName) - 1] : numberOrName
  const load = name !== undefined && Object.hasOwn(brokenNetworks, name) && brokenNetworks[name]
  if (!load) throw unknownBroken(numberOrName)
  return (await load()).default
}

export function numberOf({ name }: BrokenNetwork): number {
  return brokenNames.indexOf(name) + 1
}

function unknownBroken(wanted: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the broken network '${wanted}'`,
    reason: `their numbers go from 1 to ${brokenNames.length}`,
    advice: ['npm run fix lists them all'],
  })
}

// Finds broken networks by number or name; their numbers tell nothing about the fault, their names do.
import { brokenNetworks } from '../../../scenarios/broken/index.ts'
import { NetdojoError } from '../../errors.ts'
import type { BrokenNetwork } from '../../fix/broken.ts'

/** The easier ones first; a network's number is its place here, from 1. */
export const brokenNames: readonly string[] = Object.keys(brokenNetworks)

/** @throws NetdojoError `usage` for one that is not there. */
export async function loadBroken(numberOrName: string): Promise<BrokenNetwork> {
  const name = /^\d+$/.test(numberOrName) ? brokenNames[Number(numberOrName) - 1] : numberOrName
  const load = name !== undefined && Object.hasOwn(brokenNetworks, name) && brokenNetworks[name]
  if (!load) throw unknown(numberOrName)
  return (await load()).default
}

export function numberOf({ name }: BrokenNetwork): number {
  return brokenNames.indexOf(name) + 1
}

function unknown(wanted: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the broken network '${wanted}'`,
    reason: `their numbers go from 1 to ${brokenNames.length}`,
    advice: ['npm run fix lists them all'],
  })
}

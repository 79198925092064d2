// Finds scenarios by name, and broken networks by number or name; an error for an unknown scenario offers the nearest name.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brokenNetworks } from '../../../scenarios/broken/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { NetdojoError, isCheckout } from '../../errors.ts'
import type { BrokenNetwork } from '../../fix/broken.ts'
import { message, type Message } from '../../language/message.ts'
import { missingProgram } from '../../scenario/failures.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { quoted } from '../shared/errors.ts'

/** In teaching order. */
export const scenarioNames: readonly string[] = Object.keys(scenarios)

/** The headings of the course, each with the scenario that it stands above. */
export const chapters: Readonly<Record<string, string>> = {
  'veth-pair': 'A cable and a switch',
  routes: 'There and back',
  masquerade: 'Other people’s addresses',
  'bridge-nat': 'The whole road',
  'bitmap-ipam': 'A container engine',
  'routes-between-hosts': 'Several machines',
}

/** The scenarios of which all programs are installed here, in teaching order, and a line for each of the others. */
export type Playable = { readonly names: readonly string[]; readonly leftOut: readonly Message[] }

export async function playableScenarios(): Promise<Playable> {
  const all = await Promise.all(scenarioNames.map(loadScenario))
  return {
    names: all.filter((each) => !missingProgram(each)).map(({ name }) => name),
    leftOut: all.flatMap((each) => {
      const missing = missingProgram(each)
      if (!missing) return []
      const values = { scenario: each.name, ...missing }
      return [
        message(
          '{scenario} is left out: it needs the program {program}, which is not installed (on Debian: {package})',
          values,
        ),
      ]
    }),
  }
}

/** @param name a name, or the path of a file: it has a `/` in it. @throws NetdojoError `usage` for an unknown name or a file without a scenario. */
export async function loadScenario(name: string): Promise<Scenario> {
  if (name.includes('/')) return scenarioIn(resolve(name))
  const load = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (!load) throw await unknownScenario(name)
  return (await load()).default
}

async function scenarioIn(file: string): Promise<Scenario> {
  if (!existsSync(file)) throw unusable(file, 'no file has this path')
  const { default: found }: { readonly default?: unknown } = await import(pathToFileURL(file).href)
  if (isScenario(found)) return found
  throw unusable(file, 'its default export must be what scenario() returns')
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'name' in value && 'play' in value
}

function unusable(file: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'play',
    object: `the scenario ${quoted(file)}`,
    reason,
    advice: ["a scenario is a file with: export default scenario({ … }), from 'netdojo/scenario'"],
  })
}

async function unknownScenario(name: string): Promise<NetdojoError> {
  const { default: leven } = await import('leven')
  const nearest = scenarioNames.toSorted((a, b) => leven(name, a) - leven(name, b))[0] ?? ''
  // Offer a name only if at least half of the letters are right.
  const close = leven(name, nearest) <= Math.max(name.length, nearest.length) / 2
  return new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the scenario ${quoted(name)}`,
    reason: 'no scenario has this name',
    advice: [
      ...(close ? [`did you mean ${nearest}?`] : []),
      isCheckout
        ? 'npm run scenario lists all scenarios'
        : `the scenarios are ${scenarioNames.join(', ')}; a path of a file has a / in it`,
    ],
  })
}

/** The easier networks come first; the number of a network is its position here, from 1. */
export const brokenNames: readonly string[] = Object.keys(brokenNetworks)

/** @throws NetdojoError `usage` for an unknown number or name. */
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
    object: `the broken network ${quoted(wanted)}`,
    reason: `the number must be from 1 to ${brokenNames.length}`,
    advice: ['npm run fix lists all broken networks'],
  })
}

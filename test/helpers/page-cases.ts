// Reads the cases of the page's tests, which record.process.ts records from a real kernel: two states, and the journey of a command.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Journey } from '../../lib/observe/journey/journey.ts'
import type { Snapshot } from '../../lib/observe/snapshot/snapshot.ts'

export const caseNames = [
  'dnat',
  'forwarding-off',
  'dropped',
  'neighbours',
  'refused',
  'flood',
  'tunnel',
] as const

export type PageCase = {
  readonly before: Snapshot
  readonly after: Snapshot
  readonly journey: Journey
}

export function caseOf(name: (typeof caseNames)[number]): PageCase {
  const path = join(import.meta.dirname, '../web/recorded', `${name}.json`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by record.process.ts
  return JSON.parse(readFileSync(path, 'utf8')) as PageCase
}

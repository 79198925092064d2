// Reads the evidence of a journey from a recording of a real kernel, so that the test needs no kernel.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Followed } from '../../lib/observe/journey/follow.ts'

const directory = join(import.meta.dirname, '../observe/journey/recorded')

export type Recorded = Pick<Followed, 'evidence' | 'answers'>

export function record(name: string, { evidence, answers }: Followed): void {
  const frames = evidence.frames.filter(({ bytes }) => bytes.length > 0)
  writeFileSync(
    join(directory, `${name}.json`),
    `${JSON.stringify({ evidence: { ...evidence, frames }, answers }, pack)}\n`,
  )
}

export function recorded(name: string): Recorded {
  const text = readFileSync(join(directory, `${name}.json`), 'utf8')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `record`
  return JSON.parse(text, unpack) as Recorded
}

function pack(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // JSON.stringify has converted a Buffer before this function gets it.
  const own = this[key]
  if (Buffer.isBuffer(own)) return { hex: own.toString('hex') }
  if (typeof own === 'bigint') return { bigint: String(own) }
  if (own instanceof Map) return { map: [...own] }
  return value
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if ('hex' in value && typeof value.hex === 'string') return Buffer.from(value.hex, 'hex')
  if ('bigint' in value && typeof value.bigint === 'string') return BigInt(value.bigint)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `pack`
  if ('map' in value) return new Map(value.map as [unknown, unknown][])
  return value
}

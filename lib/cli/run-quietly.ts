// Plays scenarios in sandboxes of their own, several at once, and gives back their events.
import { availableParallelism } from 'node:os'
import { enterQuietly } from '../sandbox/enter.ts'
import type { LocalBackend } from '../sandbox/backend.ts'
import type { ScenarioEvent } from '../scenario/events.ts'
import { insideCommand, type PlayRequest } from './request.ts'

/** What a sandbox with its programs takes at most, in bytes. */
const memoryOfOne = 300 * 2 ** 20

/**
 * How many at once: a scenario waits for the network about as long as it computes, and a small virtual machine has not
 * the memory for as many. This very machine has one of each name.
 */
export function atOnce(place: LocalBackend): number {
  if (place === 'here') return 1
  const fitting = Math.floor(process.availableMemory() / memoryOfOne)
  return (
    Number(process.env.NETDOJO_AT_ONCE) ||
    Math.max(1, Math.min(availableParallelism() * 3, fitting))
  )
}

/** @throws NetdojoError when the sandbox cannot be started. */
export async function runQuietly(
  request: Pick<PlayRequest, 'scenario' | 'dialect' | 'without' | 'patience' | 'stopAtFailure'> & {
    /** Whether the events are to tell what each step changes. */
    readonly difference?: boolean
  },
  place: LocalBackend = 'namespaces',
): Promise<ScenarioEvent[]> {
  const events: ScenarioEvent[] = []
  const reading = {
    json: true,
    color: false,
    verbose: false,
    keep: false,
    step: false,
    capture: false,
    pcap: null,
  }
  const looking = { difference: false, topology: false, columns: 80, language: 'en' as const }
  const read = (line: string) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see jsonReader
    events.push(JSON.parse(line) as ScenarioEvent)
  }
  const command = insideCommand({ kind: 'play', ...reading, ...looking, ...request })
  await enterQuietly(command, read, place)
  return events
}

/** The events of one kind. */
export function ofType<Type extends ScenarioEvent['type']>(
  events: readonly ScenarioEvent[],
  type: Type,
): Extract<ScenarioEvent, { readonly type: Type }>[] {
  return events.filter(
    (event): event is Extract<ScenarioEvent, { readonly type: Type }> => event.type === type,
  )
}

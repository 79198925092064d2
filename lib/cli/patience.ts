// How long a check goes on asking for the expected answer, by where it asks. Only what does not hold at once takes it.
import type { LocalBackend } from '../sandbox/backend.ts'
import { usualPatience } from '../scenario/play.ts'

/** Milliseconds. `here` is for virtual machines, which may be emulated; where that is known, NETDOJO_PATIENCE says so. */
export function patienceIn(place: LocalBackend): number {
  const times = Number(process.env.NETDOJO_PATIENCE) || (place === 'here' ? 5 : 1)
  return times * usualPatience
}

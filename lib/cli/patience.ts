// How long a check goes on asking for the expected answer, by where it asks. Only what does not hold at once takes it.
import type { NearPlace } from '../sandbox/place.ts'
import { usualPatience } from '../scenario/play.ts'

/** Milliseconds. `here` is for virtual machines, and those may be emulated. */
export function patienceIn(place: NearPlace): number {
  return place === 'here' ? 5 * usualPatience : usualPatience
}

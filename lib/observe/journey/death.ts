// Where and why a packet ended that did not arrive: read from the last place where it was seen, and from what the kernel says there.
import { deathAfterFrame } from './death-of-frame.ts'
import { deathInHook } from './death-in-hook.ts'
import { deathByRouting } from './death-by-routing.ts'
import type { Death } from './journey.ts'
import { afterDnat } from './rewriting.ts'
import type { Steps } from './steps.ts'
import type { World } from './world.ts'

/** Null for a packet that reached a socket, or the kernel it was for. */
export function deathOf(world: World, way: Steps): Death | null {
  const last = way.steps.at(-1)
  if (!last) return null
  if (last.kind === 'frame') return afterDnat(world, way, deathAfterFrame(world, way, last))
  const { pass } = last
  const visit = pass.visits.at(-1)
  if (!visit) return null
  if (visit.after === null) return deathInHook(world, pass, visit)
  if (visit.hook === 'input') return null
  return afterDnat(world, way, deathByRouting(world, pass, visit))
}

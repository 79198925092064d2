// Where and why a packet ended that did not arrive: read from the last place where it was seen, and from what the kernel says there.
import { dropAfterFrame } from './drop-of-frame.ts'
import { dropInHook } from './drop-in-hook.ts'
import { dropByRouting } from './drop-by-routing.ts'
import type { Drop } from './journey.ts'
import { afterDnat } from './rewriting.ts'
import type { Steps } from './steps.ts'
import type { World } from './world.ts'

/** Null for a packet that reached a socket, or the kernel it was for. */
export function dropOf(world: World, way: Steps): Drop | null {
  const last = way.steps.at(-1)
  if (!last) return null
  if (last.kind === 'frame') return afterDnat(world, way, dropAfterFrame(world, way, last))
  const { pass } = last
  const visit = pass.visits.at(-1)
  if (!visit) return null
  if (visit.after === null) return dropInHook(world, pass, visit)
  if (visit.hook === 'input') return null
  return afterDnat(world, way, dropByRouting(world, pass, visit))
}

// The end of a conversation whose request arrived: why nobody answered.
import { message } from '../../language/message.ts'
import type { Drop } from './journey.ts'
import { refusal } from './drop-by-routing.ts'
import type { Steps } from './steps.ts'
import type { World } from './world.ts'

export function dropOfSilence(world: World, { steps }: Steps): Drop | null {
  const last = steps.at(-1)
  const visit = last?.kind === 'pass' ? last.pass.visits.at(-1) : undefined
  if (last?.kind !== 'pass' || !visit?.after) return null
  const { node } = last.pass
  const { source, destination, icmp, protocol, destinationPort, family } = visit.after
  const way = { node, destination: source }
  const back = world.route(way)
  if (back?.error !== undefined) {
    const { reason, why } = refusal({ destination: source }, back)
    return {
      reason,
      node,
      where: 'routing decision for the answer',
      why: message('it arrived, but no answer can leave {node}: {why}', { node, why }),
      evidence: `ip route get ${source}: ${back.error}`,
    }
  }
  const ignores = world.setting(node, 'net/ipv4/icmp_echo_ignore_all') === 1 && family === 4
  if (icmp?.name === 'echo request' && ignores) {
    const why = message('it arrived, and {node} is told to ignore all pings', { node })
    const evidence = 'sysctl net.ipv4.icmp_echo_ignore_all = 1'
    return { reason: 'echo-ignored', node, where: 'ICMP', why, evidence }
  }
  const port = destinationPort === undefined ? '' : `:${destinationPort}`
  return {
    reason: 'no-answer',
    node,
    where: protocol.toUpperCase(),
    why: message('it arrived at {place} of {node}, and nobody there answered while we looked', {
      place: destination + port,
      node,
    }),
    evidence: `INPUT of ${node} is its last trace`,
  }
}

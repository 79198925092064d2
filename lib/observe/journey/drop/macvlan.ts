// Finds that two devices on one wire cannot hear each other: a macvlan and its parent, or macvlans that are not in the mode bridge.
import { message } from '../../../language/message.ts'
import type { Place, World } from '../world.ts'
import type { Finding } from './finding.ts'

export function macvlanLoss(world: World, from: Place, to: Place): Finding | undefined {
  const parent = parentOf(world, from)
  const other = parentOf(world, to)
  const evidence = [from, to]
    .filter(({ device }) => device.type === 'macvlan')
    .map(
      ({ node, device }) => `${node}: ip -d link show ${device.name}: macvlan mode ${device.mode}`,
    )
    .join('; ')
  if ((parent && isSame(parent, to)) || (other && isSame(other, from))) {
    const [child, below] = parent && isSame(parent, to) ? [from, to] : [to, from]
    return {
      reason: 'macvlan',
      node: below.node,
      where: below.device.name,
      why: message(
        '{child} is a macvlan of {parent}: a macvlan and its parent cannot talk to each other',
        { child: text(child), parent: text(below) },
      ),
      evidence,
    }
  }
  if (!parent || !other || !isSame(parent, other)) return undefined
  const isBridged = from.device.mode === 'bridge' && to.device.mode === 'bridge'
  if (isBridged && !to.device.up)
    return {
      reason: 'link-down',
      node: to.node,
      where: to.device.name,
      why: message('{name} is down', { name: to.device.name }),
      evidence: `${to.node}: ip link show ${to.device.name}: state DOWN`,
      remedy: `ip link set ${to.device.name} up`,
    }
  if (isBridged) return undefined
  const shut = from.device.mode === 'bridge' ? to : from
  return {
    reason: 'macvlan',
    node: shut.node,
    where: shut.device.name,
    why: message(
      '{one} and {other} are macvlans of {parent}, and only in the mode bridge can these talk to each other: {shut} is {mode}',
      {
        one: text(from),
        other: text(to),
        parent: text(parent),
        shut: text(shut),
        mode: shut.device.mode ?? '?',
      },
    ),
    evidence,
    remedy: `ip link set ${shut.device.name} type macvlan mode bridge`,
  }
}

function parentOf(world: World, { device }: Place): Place | undefined {
  return device.type === 'macvlan' ? world.linkOf(device) : undefined
}

function isSame(a: Place, b: Place): boolean {
  return a.node === b.node && a.device.index === b.device.index
}

function text({ node, device }: Place): string {
  return `${node}:${device.name}`
}

// What still lies between the network as it is and the network that a step wants, whichever commands are used; and what of it
// looks like a mistake. What another run has otherwise (MACs, indexes, counters, what was learnt) is not looked at.
import type { Value } from '../../language/message.ts'
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { missingFirewall } from './firewall.ts'
import { nodeOf, notYet, type Goal, type Missing } from './goal.ts'
import { missingLink } from './links.ts'
import { missingRoutes } from './routes.ts'

/** Of the nodes, devices, addresses, routes, settings and rules that the goal has. */
export function missing(now: Snapshot, { before, after }: Goal): readonly Missing[] {
  return [
    ...after.nodes.flatMap((wanted) => missingOn(wanted, now, { before, after })),
    ...before.nodes
      .filter(({ name }) => !nodeOf(after, name) && nodeOf(now, name))
      .map(({ name }) => notYet(name, 'the network namespace {node} still exists')),
  ]
}

/** Whether the kernel's state shows at all that the group was done. */
export function isVisible({ before, after }: Goal): boolean {
  return missing(before, { before, after }).length > 0
}

function missingOn(wanted: NodeState, world: Snapshot, goal: Goal): readonly Missing[] {
  const { name } = wanted
  const now = nodeOf(world, name)
  if (!now) return [notYet(name, 'the network namespace {node} does not exist yet')]
  const before = nodeOf(goal.before, name)
  return [
    ...wanted.links.flatMap((link) => missingLink(name, link, now, world, goal)),
    ...goneLinks(name, wanted, now, before).filter(
      ({ values }) => !hasLink(goal.after, values.link),
    ),
    ...missingRoutes(wanted, now, before),
    ...missingSettings(wanted, now, before),
    ...missingFirewall(wanted, now, before),
  ]
}

function goneLinks(
  node: string,
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  const has = ({ links }: NodeState, link: Link) => links.some(({ name }) => name === link.name)
  return (before?.links ?? [])
    .filter((link) => !has(wanted, link) && has(now, link))
    .map(({ name }) => notYet(node, '{node} still has the device {link}', { link: name }))
}

/** One that is to be moved is told of where it belongs. */
function hasLink({ nodes }: Snapshot, name: Value | undefined): boolean {
  return nodes.some(({ links }) => links.some((link) => link.name === name))
}

/** Only what the group itself changes: everything else is as the machine has it. */
function missingSettings(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  return Object.entries(wanted.sysctls).flatMap(([name, value]) => {
    const [was, is] = [before?.sysctls[name], now.sysctls[name]]
    if (was === undefined || was === value || is === value || isImplied(name, wanted)) return []
    const text =
      name === 'net.ipv4.conf.all.forwarding'
        ? 'forwarding is off on {node} ({name} is {is})'
        : '{name} is {is} on {node}, but must be {value}'
    return [{ ...notYet(wanted.name, text, { name, is: is ?? '?', value }), isSoft: true }]
  })
}

/** Writing `all` writes the same into every device and into `default`. */
function isImplied(name: string, { sysctls }: NodeState): boolean {
  const [, family, setting] = /^net\.(ipv[46])\.conf\.(?!all\.)[^.]+\.(\w+)$/.exec(name) ?? []
  return (
    family !== undefined &&
    setting === 'forwarding' &&
    sysctls[`net.${family}.conf.all.${setting}`] === sysctls[name]
  )
}

// Finds what the network still lacks to reach the goal of a step, and which of it looks like a mistake. The commands that the learner
// used do not matter, nor does what differs between runs: MAC addresses, indexes, counters, learned entries.
import type { Value } from '../../language/message.ts'
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { missingFirewall } from './firewall.ts'
import { nodeOf, notYet, type Goal, type Missing } from './goal.ts'
import { missingLink } from './links.ts'
import { missingRoutes } from './routes.ts'

/** Compares nodes, devices, addresses, routes, sysctls and firewall rules. */
export function missing(now: Snapshot, { before, after }: Goal): readonly Missing[] {
  return [
    ...after.nodes.flatMap((wanted) => missingOn(wanted, now, { before, after })),
    ...before.nodes
      .filter(({ name }) => !nodeOf(after, name) && nodeOf(now, name))
      .map(({ name }) => notYet(name, 'the network namespace {node} still exists')),
  ]
}

/** Whether a snapshot can show that the commands were run. */
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
    ...missingSysctls(wanted, now, before),
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

/** A device that must be moved is reported at its destination. */
function hasLink({ nodes }: Snapshot, name: Value | undefined): boolean {
  return nodes.some(({ links }) => links.some((link) => link.name === name))
}

/** Compares only the sysctls that the commands change. */
function missingSysctls(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  return Object.entries(wanted.sysctls).flatMap(([name, value]) => {
    const [was, is] = [before?.sysctls[name], now.sysctls[name]]
    if (was === undefined || was === value || is === value || isImplied(name, wanted)) return []
    const values = { name, is: is ?? '?', value }
    const missing =
      name === 'net.ipv4.conf.all.forwarding'
        ? notYet(wanted.name, 'forwarding is off on {node} ({name} is {is})', values)
        : notYet(wanted.name, '{name} is {is} on {node}, but must be {value}', values)
    return [{ ...missing, isSoft: true }]
  })
}

/** Writing `all` sets the same sysctl of every device and of `default`. */
function isImplied(name: string, { sysctls }: NodeState): boolean {
  const [, family, sysctl] = /^net\.(ipv[46])\.conf\.(?!all\.)[^.]+\.(\w+)$/.exec(name) ?? []
  return (
    family !== undefined &&
    sysctl === 'forwarding' &&
    sysctls[`net.${family}.conf.all.${sysctl}`] === sysctls[name]
  )
}

// Finds in what the network differs from the goal of a step: what is not done yet, and what was done wrong or in addition. The
// commands that the learner used do not matter, nor does what differs between runs: indexes, counters, MAC addresses that nobody set.
import type { Value } from '../../language/message.ts'
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { missingFirewall } from './firewall.ts'
import { mistake, nodeOf, notYet, type Goal, type Missing, type World } from './goal.ts'
import { missingLink, strangeLinks } from './links.ts'
import { withNamesOf } from './names.ts'
import { missingPorts } from './ports.ts'
import { missingRoutes } from './routes.ts'

/** An equal world gives equal answers to all later checks, so everything is compared that packets can notice. */
export function missing(now: World, given: Goal): readonly Missing[] {
  const goal = withNamesOf(now, given)
  const { before, after } = goal
  return [
    ...after.nodes.flatMap((wanted) => missingOn(wanted, now, goal)),
    ...now.nodes.flatMap((node) => strangeLinks(node, goal)),
    ...before.nodes
      .filter(({ name }) => !nodeOf(after, name) && nodeOf(now, name))
      .map(({ name }) => notYet(name, 'the network namespace {node} still exists')),
    ...missingOutputs(now, after),
  ]
}

/** Whether a snapshot can show that the commands were run. */
export function isVisible(goal: Goal): boolean {
  return missing(goal.before, goal).length > 0
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
    ...missingPorts(wanted, now, world, goal),
    ...missingRoutes(wanted, now, before),
    ...missingSysctls(wanted, now, before),
    ...missingFirewall(wanted, now, before),
    ...missingListeners(wanted, now),
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

function missingSysctls(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  return Object.entries(wanted.sysctls).flatMap(([name, value]) => {
    const is = now.sysctls[name]
    if (is === undefined || is === value || isImplied(name, wanted, now)) return []
    const values = { name, is, value }
    const was = before?.sysctls[name]
    if (was === undefined || was === value)
      return [
        mistake(
          wanted.name,
          '{name} is {is} on {node}, but must be {value}',
          values,
          `sysctl -w ${name}=${value}`,
        ),
      ]
    return [
      name === 'net.ipv4.conf.all.forwarding'
        ? notYet(wanted.name, 'forwarding is off on {node} ({name} is {is})', values)
        : notYet(wanted.name, '{name} is {is} on {node}, but must be {value}', values),
    ]
  })
}

/** Writing `all` sets the same sysctl of every device and of `default`: then only `all` is reported. */
function isImplied(name: string, wanted: NodeState, now: NodeState): boolean {
  const [, family, sysctl] = /^net\.(ipv[46])\.conf\.(?!all\.)[^.]+\.(\w+)$/.exec(name) ?? []
  const all = `net.${family}.conf.all.${sysctl}`
  return (
    family !== undefined &&
    sysctl === 'forwarding' &&
    wanted.sysctls[all] !== now.sysctls[all] &&
    now.sysctls[name] === now.sysctls[all]
  )
}

/** Servers belong to the scenario; a program of the learner on the same port would answer in their place. */
function missingListeners(wanted: NodeState, now: NodeState): readonly Missing[] {
  const ports = ({ listeners }: NodeState) => [
    ...new Set(
      listeners.filter(({ protocol }) => protocol.startsWith('tcp')).map(({ port }) => port),
    ),
  ]
  const [want, is] = [ports(wanted), ports(now)]
  return [
    ...want
      .filter((port) => !is.includes(port))
      .map((port) => mistake(wanted.name, 'no program listens on port {port} on {node}', { port })),
    ...is
      .filter((port) => !want.includes(port))
      .map((port) =>
        mistake(
          wanted.name,
          'a program listens on port {port} on {node}, which the goal does not have',
          { port },
        ),
      ),
  ]
}

function missingOutputs(now: World, after: World): readonly Missing[] {
  return Object.entries(after.outputs ?? {}).flatMap(([command, output]) => {
    const [want, is] = [output, now.outputs?.[command] ?? ''].map((text) => text.split('\n'))
    const line = want?.find((each) => !is?.includes(each))
    const other = is?.find((each) => !want?.includes(each))
    const values = { command, line: line ?? '', other: other ?? '' }
    if (line === undefined && other === undefined) return []
    if (other === undefined)
      return [notYet('host', "'{command}' does not print this line yet: {line}", values)]
    if (line === undefined)
      return [
        mistake('host', "'{command}' prints a line that the goal does not have: {other}", values),
      ]
    return [mistake('host', "'{command}' prints '{other}', but must print '{line}'", values)]
  })
}

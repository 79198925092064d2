// Finds routes that are missing, that lead another way, and that the goal does not have. The kernel adds the routes of an address
// itself: such a route is missing only if somebody has deleted it.
import type { NodeState, Route } from '../../kernel/state/state.ts'
import { mistake, notYet, type Missing } from './goal.ts'

export function missingRoutes(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  const node = wanted.name
  const surplus = made(now).filter((route) => !has(wanted.routes, route))
  const lacking = made(wanted).filter((route) => !has(now.routes, route))
  const wrong = lacking.map((route) => surplus.find((other) => isInstead(other, route)))
  return [
    ...lacking.map((route, index) => absent(node, route, wrong[index])),
    ...surplus
      .filter((route) => !wrong.includes(route))
      .map((route) => {
        const [values, undo] = [{ route: text(route) }, `ip route del ${text(route)}`]
        return before !== undefined && has(before.routes, route)
          ? notYet(node, '{node} still has the route {route}', values, undo)
          : mistake(node, '{node} has a route that the goal does not have: {route}', values, undo)
      }),
    ...deleted(wanted, now),
    ...rules(wanted, now),
  ]
}

function has(routes: readonly Route[], route: Route): boolean {
  return routes.some((other) => same(other, route))
}

function absent(node: string, route: Route, other: Route | undefined): Missing {
  const values = { route: text(route) }
  if (!other) return notYet(node, '{node} has no route {route} yet', values)
  return mistake(
    node,
    '{node} has the route {other}, but must have {route}',
    {
      ...values,
      other: text(other),
    },
    `ip route del ${text(other)}`,
  )
}

function isInstead(other: Route, route: Route): boolean {
  return other.to === route.to && other.table === route.table && other.family === route.family
}

/** Routes of addresses that are there, on devices that are up. */
function deleted(wanted: NodeState, now: NodeState): readonly Missing[] {
  return wanted.routes
    .filter(({ protocol, family }) => protocol === 'kernel' && family === 4)
    .filter((route) => !has(now.routes, route))
    .filter(({ link, source }) => {
      const prefix = addressAt(wanted, link, source)?.prefix
      const isUp = now.links.some(({ name, up }) => name === link && up)
      return isUp && prefix !== undefined && addressAt(now, link, source)?.prefix === prefix
    })
    .filter((route) => !made(now).some((other) => isInstead(other, route)))
    .map((route) =>
      mistake(
        wanted.name,
        '{node} no longer has the route {route}, which the kernel added for an address',
        { route: text(route) },
      ),
    )
}

function addressAt({ links }: NodeState, name: string | undefined, address: string | undefined) {
  return links
    .find((link) => link.name === name)
    ?.addresses.find((other) => other.address === address)
}

function rules(wanted: NodeState, now: NodeState): readonly Missing[] {
  const lines = (node: NodeState) => node.rules.map(({ priority, text }) => `${priority}: ${text}`)
  const [want, is] = [lines(wanted), lines(now)]
  return [
    ...want
      .filter((line) => !is.includes(line))
      .map((rule) => notYet(wanted.name, '{node} has no routing rule {rule}', { rule })),
    ...is
      .filter((line) => !want.includes(line))
      .map((rule) =>
        mistake(wanted.name, '{node} has a routing rule that the goal does not have: {rule}', {
          rule,
        }),
      ),
  ]
}

function made({ routes }: NodeState): readonly Route[] {
  return routes.filter(
    ({ protocol, to }) => protocol !== 'kernel' && to !== 'fe80::/64' && to !== 'ff00::/8',
  )
}

/** Protocol and metric do not matter. */
function same(one: Route, other: Route): boolean {
  return (
    one.family === other.family &&
    one.table === other.table &&
    one.type === other.type &&
    one.to === other.to &&
    one.via === other.via &&
    one.link === other.link &&
    one.mtu === other.mtu
  )
}

function text({ type, to, via, link, table }: Route): string {
  return [
    ...(type === 'unicast' ? [] : [type]),
    to,
    ...(via === undefined ? [] : ['via', via]),
    ...(via !== undefined || link === undefined || type !== 'unicast' ? [] : ['dev', link]),
    ...(table === 'main' ? [] : ['table', table]),
  ].join(' ')
}

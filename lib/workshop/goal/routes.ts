// Finds routes that are missing or that lead another way. The kernel adds the routes of an address itself: they are not compared.
import type { NodeState, Route } from '../../kernel/state/state.ts'
import { mistake, notYet, type Missing } from './goal.ts'

export function missingRoutes(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  const node = wanted.name
  const has = (routes: readonly Route[], route: Route) => routes.some((other) => same(other, route))
  return [
    ...made(wanted)
      .filter((route) => !has(now.routes, route))
      .map((route) => absent(node, route, now, wanted)),
    ...made(now)
      .filter(
        (route) => before !== undefined && has(before.routes, route) && !has(wanted.routes, route),
      )
      .map((route) => notYet(node, '{node} still has the route {route}', { route: text(route) })),
  ]
}

function absent(node: string, route: Route, now: NodeState, wanted: NodeState): Missing {
  const values = { route: text(route) }
  const other = now.routes.find(
    (each) =>
      each.to === route.to &&
      each.table === route.table &&
      each.family === route.family &&
      each.protocol !== 'kernel' &&
      !wanted.routes.some((right) => same(right, each)),
  )
  if (!other) return notYet(node, '{node} has no route {route} yet', values)
  return mistake(node, '{node} has the route {other}, but must have {route}', {
    ...values,
    other: text(other),
  })
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
    one.link === other.link
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

// Lists routes and routing rules that were added or removed, as `ip` takes them.
import { message, type Message } from '../../language/message.ts'
import type { NodeState, Route } from '../../kernel/state/state.ts'
import { cameAndWent, type Change } from './collection.ts'

export function routeChanges(before: NodeState, after: NodeState): readonly Change[] {
  return cameAndWent(after.name, routesOf(before), routesOf(after))
}

export function ruleChanges(before: NodeState, after: NodeState): readonly Change[] {
  return cameAndWent(after.name, rulesOf(before), rulesOf(after))
}

function routesOf({ routes }: NodeState): readonly Message[] {
  // The kernel adds one for each device that is up, after a delay.
  return routes
    .filter(({ to }) => to !== 'fe80::/64' && to !== 'ff00::/8')
    .map((route) =>
      route.protocol === 'kernel'
        ? message('route {route} (by the kernel, for the address)', { route: routeText(route) })
        : message('route {route}', { route: routeText(route) }),
    )
}

/** `default via 172.18.0.1`. */
export function routeText({ type, to, via, link, table, metric, family }: Route): string {
  const usual = family === 6 && (metric === 256 || metric === 1024)
  return [
    ...(type === 'unicast' ? [] : [type]),
    to,
    ...(via === undefined ? [] : ['via', via]),
    // The gateway determines the device.
    ...(via === undefined && link !== undefined ? ['dev', link] : []),
    ...(metric === undefined || usual ? [] : ['metric', metric]),
    ...(table === 'main' ? [] : ['table', table]),
  ].join(' ')
}

function rulesOf({ rules }: NodeState): readonly Message[] {
  return rules.map(({ family, priority, text }) =>
    family === 6
      ? message('IPv6 rule {priority}: {text}', { priority, text })
      : message('rule {priority}: {text}', { priority, text }),
  )
}

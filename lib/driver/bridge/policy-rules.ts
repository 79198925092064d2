// Plans a routing rule for each subnet whose packets a rule of another program would look up in a table of its own: a VPN's table
// leads replies to containers into the tunnel (ip-rule(8)).
import { Subnet } from '../../address/subnet.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { RoutingRule } from '../../kernel/state/state.ts'
import type { DriverNetwork, Step } from '../driver.ts'
import type { HostRouting as Routing } from './context.ts'

/** A step that adds the missing rules; without a VPN, none is needed. */
export function addRules(routing: Routing, networks: readonly DriverNetwork[]): Step {
  const subnets = networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet))
  return {
    title:
      'Look up the packets to containers in the table main, before the tables of other programs',
    operations: subnets
      .filter((subnet) => isTakenAway(routing, subnet) && ruleFor(routing, subnet) === undefined)
      .map((to) => ({ kind: 'add-policy-rule', to, priority: priorityIn(routing, familyOf(to)) })),
  }
}

export function removeRules(routing: Routing, network: DriverNetwork): Step {
  return {
    title: 'Remove the routing rule of the network',
    operations: network.subnets.flatMap(({ subnet: to }): Operation[] => {
      const rule = ruleFor(routing, to)
      return rule ? [{ kind: 'remove-policy-rule', to, priority: rule.priority }] : []
    }),
  }
}

/** Whether a rule before that of the table main finds a route to an address of the subnet in a table of another program. */
function isTakenAway({ rules, routes }: Routing, subnet: string): boolean {
  const family = familyOf(subnet)
  const wanted = Subnet.parse(subnet)
  const leads = (table: string) =>
    routes.some(
      (route) =>
        route.family === family &&
        route.table === table &&
        route.type !== 'throw' &&
        (route.to === 'default' || parsed(route.to, family).overlaps(wanted)),
    )
  const own = rules.filter((rule) => rule.family === family)
  // wg-quick looks up all but default routes in main first: packets to a connected subnet find their way.
  const main = own.find(({ text }) =>
    /^from all lookup main( suppress_prefixlength \d+)?$/.test(text),
  )
  return own
    .filter(({ priority }) => priority < (main?.priority ?? Infinity))
    .some(({ table }) =>
      table === undefined ? false : !['local', 'main', 'default'].includes(table) && leads(table),
    )
}

function ruleFor({ rules }: Routing, subnet: string): RoutingRule | undefined {
  return rules.find(
    ({ family, text }) =>
      family === familyOf(subnet) && text === `from all to ${subnet} lookup main`,
  )
}

/** Right after the rule for the addresses of the host itself. */
function priorityIn({ rules }: Routing, family: 4 | 6): number {
  const local = rules.find((rule) => rule.family === family && rule.table === 'local')
  return (local?.priority ?? 0) + 1
}

function parsed(to: string, family: 4 | 6): Subnet {
  return Subnet.parse(to.includes('/') ? to : `${to}/${family === 4 ? 32 : 128}`)
}

function familyOf(subnet: string): 4 | 6 {
  return subnet.includes(':') ? 6 : 4
}

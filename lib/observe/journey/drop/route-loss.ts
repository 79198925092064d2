// Finds why the kernel does not route a packet, from its own answer: a route, a rule of `ip rule`, or an interface that took its route with it.
import { message, type Message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { DropReason } from '../journey.ts'
import type { PolicyRule } from '../node-state.ts'
import { holds, matches } from '../question.ts'
import { lineOf, type RouteAnswer, type RouteQuestion } from '../route-answers.ts'
import type { World } from '../world.ts'
import { type Finding } from './finding.ts'

/** The kernel refused to route it: by a route, by a rule of `ip rule`, or since the route went with its interface. */
export function routeLoss(world: World, question: RouteQuestion, answer: RouteAnswer): Finding {
  const { node, destination } = question
  const policies = policiesFor(world, question)
  const rules = policies.map(({ text }) => text)
  // Without a route or with such a rule, the kernel gives the same error.
  const isRule = policies.some(({ fields }) => fields.action === 'unreachable')
  const isUnreachable = isRule && (answer.error ?? '').startsWith('Network')
  const said = isUnreachable ? { ...answer, error: 'No route to host' } : answer
  const { reason, why } = refusal({ destination }, said)
  const evidence = [asked(question, answer), ...rules.map((text) => `ip rule ${text}`)].join('; ')
  const device = world
    .state(node)
    ?.devices.find(
      ({ up, addresses }) =>
        !up && addresses.some((each) => holds(`${each.address}/${each.prefix}`, destination)),
    )
  const own = device?.addresses.find((each) => holds(`${each.address}/${each.prefix}`, destination))
  if (reason !== 'no-route' || !device || !own) return { reason, why, evidence, remedy: null }
  const address = `${own.address}/${own.prefix}`
  return {
    reason: 'link-down',
    where: device.name,
    why: message('{why}: {name}, which has {address}, is down, and its route is gone with it', {
      why,
      name: device.name,
      address,
    }),
    evidence: `${evidence}; ip link show ${device.name}: state DOWN`,
    remedy: `ip link set ${device.name} up`,
  }
}

/** Rules of `ip rule` that somebody made and that this packet meets: those that refuse by themselves, or by their table. */
function policiesFor(world: World, question: RouteQuestion): readonly PolicyRule[] {
  const family = question.destination.includes(':') ? 6 : 4
  return (world.state(question.node)?.policies ?? [])
    .filter(({ priority }) => priority > 0 && priority < 32766)
    .filter((rule) => rule.family === family && matches(rule.fields, question))
}

/** What the answers of `ip route get` mean: the errors of fib_lookup, ip-route(8) 'unreachable', 'blackhole', 'prohibit'. */
export function refusal(
  { destination }: Pick<IpPacket, 'destination'>,
  { error = '' }: RouteAnswer,
): { reason: DropReason; why: Message } {
  if (/Permission denied/.test(error)) {
    return {
      reason: 'prohibited',
      why: message('a route or a rule says that {address} is prohibited', { address: destination }),
    }
  }
  if (/No route to host/.test(error)) {
    return {
      reason: 'no-route',
      why: message('a route or a rule says that {address} is unreachable', {
        address: destination,
      }),
    }
  }
  if (/Invalid argument/.test(error)) {
    return {
      reason: 'blackhole',
      why: message('a route or a rule says to throw away what is for {address}', {
        address: destination,
      }),
    }
  }
  return {
    reason: 'no-route',
    why: message('no route leads to {address}', { address: destination }),
  }
}

export function asked(
  question: RouteQuestion | undefined,
  answer: RouteAnswer | undefined,
): string {
  if (!question) return 'the routing table was not asked'
  const { type, via, device, table } = answer ?? {}
  const failure =
    answer?.error ??
    [type, via && `via ${via}`, device && `dev ${device}`, table && `table ${table}`]
      .filter(Boolean)
      .join(' ')
  return `ip ${lineOf(question)}: ${failure}`
}

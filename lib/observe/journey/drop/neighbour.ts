// Finds why nobody answered the question for a hardware address: the question is a packet itself, and is followed like one.
import { message, type Message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import { stepsOf, type Steps } from '../steps.ts'
import { attachment, segmentBehind } from '../segment.ts'
import { keyOf } from '../tree.ts'
import { holds } from '../question.ts'
import type { Seen, World } from '../world.ts'
import { judge, type Finding, type LossOf } from './finding.ts'
import { qdiscLoss } from './counted.ts'
import { lowerLoss } from './lower.ts'
import { macvlanLoss } from './macvlan.ts'
import { ownerChecks } from './owner.ts'

/** Undefined when the address is known, or was answered. */
export function neighbourLoss(
  world: World,
  lossOf: LossOf,
  node: string,
  device: Device,
  address: string,
): Finding | undefined {
  const entry = world
    .state(node)
    ?.neighbours.find(
      (each) => each.address === address && each.device === device.name && each.state !== 'PROXY',
    )
  const question = world.seen.find((seen) => isQuestion(seen, node, device.index, address))
  if (!question)
    return unaskedLoss(world, lossOf, node, device, address, entry?.state, entry?.mac ?? null)
  if (entry && entry.mac !== null && entry.state !== 'INCOMPLETE') return undefined
  const kind = address.includes(':') ? 'neighbour solicitation' : 'ARP'
  const evidence = `${kind} for ${address} on ${device.name}, unanswered`
  const key = keyOf(question)
  const way = key === undefined ? undefined : stepsOf(world, key)
  const base = { reason: 'no-neighbour' as const, node, where: device.name }
  if (!way) return { ...base, why: silence(address), evidence }
  if (way.end === 'delivered')
    return { ...base, ...afterQuestion(world, lossOf, way, question, address, evidence) }
  const owners = world.owners(address)
  for (const owner of owners) {
    const loss = macvlanLoss(world, { node, device }, owner)
    if (loss) return { ...loss, evidence: `${evidence}; ${loss.evidence}` }
  }
  const loss = lossOf(world, way)
  const isHeard = way.ignoredBy.length > 0
  if (
    loss &&
    (owners.length > 0 || !isHeard) &&
    loss.reason !== 'unknown' &&
    loss.reason !== 'wrong-mac'
  )
    return {
      ...loss,
      why: message('the question who has {address} was lost: {why}', { address, why: loss.why }),
      evidence: `${evidence}; ${loss.evidence}`,
    }
  if (owners.length === 0) {
    const nodes = way.ignoredBy.join(', ')
    const why =
      nodes === ''
        ? message('{silence}: no node here has this address', { silence: silence(address) })
        : message('{silence}: no node here has this address ({nodes} heard the question)', {
            silence: silence(address),
            nodes,
          })
    return { ...base, why, evidence }
  }
  return { ...base, ...elsewhere(world, lossOf, owners, node, device, address, evidence, way) }
}

function silence(address: string): Message {
  return message('nobody answers the question who has {address}', { address })
}

function isQuestion(
  { frame, ethernet: { arp, ip } }: Seen,
  node: string,
  ifindex: number,
  address: string,
): boolean {
  if (frame.node !== node || frame.ifindex !== ifindex || frame.direction !== 'out') return false
  if (arp) return arp.question && arp.target === address
  return ip?.icmp?.name === 'neighbour solicitation' && ip.icmp.neighbour === address
}

/** No question was seen: it was dropped before it left, or an entry stands in its place. */
function unaskedLoss(
  world: World,
  lossOf: LossOf,
  node: string,
  { name }: Device,
  address: string,
  state: string | undefined,
  mac: string | null,
): Finding | undefined {
  const question = address.includes(':')
    ? world.passes.find(
        ({ node: asker, visits: [first] }) =>
          asker === node &&
          first?.before.icmp?.type === 135 &&
          first.before.icmp.neighbour?.startsWith(address.slice(0, 4)),
      )
    : undefined
  if (question) {
    const loss = lossOf(world, stepsOf(world, question.key))
    if (loss && loss.reason !== 'unknown')
      return {
        ...loss,
        why: message('the question who has {address} was lost: {why}', { address, why: loss.why }),
      }
  }
  const rule = world.lower.find(
    (each) =>
      each.node === node && each.key.startsWith('arp ') && each.key.includes(` ${address} `),
  )
  const dropped = rule && lowerLoss(world, node, rule.key)
  if (dropped)
    return {
      ...dropped,
      why: message('the question who has {address} was lost: {why}', { address, why: dropped.why }),
    }
  if (mac !== null || state === undefined) return undefined
  const queued = qdiscLoss(world, node, name)
  if (queued)
    return {
      ...queued,
      why: message('the question who has {address} was lost: {why}', { address, why: queued.why }),
    }
  const own = world
    .deviceNamed(node, name)
    ?.addresses.filter((each) => each.address.startsWith('fe80:'))
  if (address.includes(':') && own?.every(({ tentative, duplicate }) => tentative || duplicate))
    return {
      reason: 'address-missing',
      where: name,
      why: message(
        '{name} of {node} cannot ask who has {address}: its link-local address is not in use yet (tentative)',
        { name, node, address },
      ),
      evidence: `ip -6 address show ${name}: tentative`,
    }
  // An entry in these states has been asked for, if before we looked.
  if (world.owners(address).length === 0 && /^(INCOMPLETE|FAILED)$/.test(state)) {
    const why = message('{silence}: no node here has this address', { silence: silence(address) })
    return {
      reason: 'no-neighbour',
      where: name,
      why,
      evidence: `ip neighbour show ${address}: ${state}`,
    }
  }
  const why = message(
    'the hardware address of {address} is not known, and no question for it was seen on {name} while we looked',
    { address, name },
  )
  return {
    reason: 'no-neighbour',
    where: name,
    why,
    evidence: `ip neighbour show ${address}: ${state}`,
  }
}

/** The owner got the question: either it did not answer, or its answer was lost. */
function afterQuestion(
  world: World,
  lossOf: LossOf,
  way: Steps,
  question: Seen,
  address: string,
  evidence: string,
): Finding {
  const last = way.steps.at(-1)
  const owner = last?.kind === 'frame' ? last.frame.node : (last?.pass.node ?? '')
  const ifindex = last?.kind === 'frame' ? last.frame.ifindex : (last?.pass.input ?? null)
  const device = world.device(owner, ifindex)
  const asker = question.ethernet.arp?.sender ?? question.ethernet.ip?.source ?? ''
  const answer = world.seen.find(
    (seen) => seen.frame.node === owner && seen.frame.direction === 'out' && answers(seen, address),
  )
  const answerKey = answer ? keyOf(answer) : answerPass(world, owner, address)
  const answerWay = answerKey === undefined ? undefined : stepsOf(world, answerKey)
  if (answerWay) {
    const loss = answerWay.end === 'delivered' ? null : lossOf(world, answerWay)
    const asks = world.device(question.frame.node, question.frame.ifindex)
    if (!loss && asks && world.portOf(question.frame.node, asks.name))
      return enslavedAddress(world, question.frame.node, asks, asker, evidence)
    if (loss)
      return {
        ...loss,
        why: message('{owner} has answered who has {address}, and the answer was lost: {why}', {
          owner,
          address,
          why: loss.why,
        }),
        evidence: `${evidence}; ${loss.evidence}`,
      }
  }
  const loss = judge(
    { node: owner, where: device?.name ?? '' },
    evidence,
    ownerChecks(world, owner, device, address, asker, keyOf(question)),
  )
  const isV6 = address.includes(':')
  const found = loss.reason !== 'unknown'
  const why = message(
    '{owner} has {address} and hears the question who has it, but does not answer: {why}',
    {
      owner,
      address,
      why: loss.why,
    },
  )
  return {
    ...loss,
    reason: found ? loss.reason : 'no-neighbour',
    why,
    evidence: `${isV6 ? '' : ''}${loss.evidence}`,
  }
}

function answers({ ethernet: { arp, ip } }: Seen, address: string): boolean {
  if (arp) return !arp.question && arp.sender === address
  return ip?.icmp?.name === 'neighbour advertisement' && ip.icmp.neighbour === address
}

function answerPass(world: World, owner: string, address: string): string | undefined {
  if (!address.includes(':')) return undefined
  return world.passes.find(
    ({ node, visits: [first] }) =>
      node === owner &&
      first?.hook === 'output' &&
      first.before.icmp?.type === 136 &&
      first.before.source === address,
  )?.key
}

/** A bridge takes all frames of its ports: nothing of them reaches an address on a port. */
function enslavedAddress(
  world: World,
  node: string,
  { name, addresses }: Device,
  address: string,
  evidence: string,
): Finding {
  const bridge = world.portOf(node, name)?.bridge ?? ''
  const prefix = addresses.find((each) => each.address === address)?.prefix
  const own = prefix === undefined ? address : `${address}/${prefix}`
  return {
    reason: 'ignored',
    node,
    where: name,
    why: message(
      '{node} has {address} on {name}, which is a port of {bridge}: the bridge takes all frames, so the address must be on the bridge',
      { node, address, name, bridge },
    ),
    evidence: `${evidence}; ip link show ${name}: master ${bridge}`,
    remedy: `ip address delete ${own} dev ${name}; ip address add ${own} dev ${bridge}`,
  }
}

/** Somebody has the address, and the question never came there. */
function elsewhere(
  world: World,
  lossOf: LossOf,
  owners: ReturnType<World['owners']>,
  node: string,
  device: Device,
  address: string,
  evidence: string,
  way: Steps,
): Finding {
  const places = owners.map((owner) => `${owner.node}:${owner.device.name}`).join(', ')
  const enslaved = owners.find((owner) => world.portOf(owner.node, owner.device.name))
  if (enslaved) return enslavedAddress(world, enslaved.node, enslaved.device, address, evidence)
  const loss = lossOf(world, way)
  if (loss && loss.reason !== 'unknown')
    return {
      ...loss,
      why: message('the question who has {address} was lost: {why}', { address, why: loss.why }),
    }
  const heard = way.ignoredBy.length === 0 ? message('no interface') : way.ignoredBy.join(', ')
  const segment = segmentBehind(world, node, device.name).places
  if (segment.some((place) => owners.some((owner) => owner.node === place.node)))
    return {
      reason: 'unknown',
      why: message(
        '{silence}: the question came to {heard}, and not to {places}, which has the address',
        { silence: silence(address), heard, places },
      ),
      evidence,
    }
  const apart = [{ node, device }, ...owners]
    .map((place) => attachment(world, place))
    .filter((each) => each !== undefined)
  const far = message(
    '{silence}: the question came to {heard}, and {places}, which has the address, is not reached from {node}:{name} without a router',
    { silence: silence(address), heard, places, node, name: device.name },
  )
  const why = apart.reduce((all, each) => message('{why}; {apart}', { why: all, apart: each }), far)
  const other = (world.state(node)?.routes ?? []).find(
    (route) =>
      route.via === null &&
      route.type === 'unicast' &&
      route.device !== device.name &&
      holds(route.destination, address),
  )
  if (other)
    return {
      reason: 'no-neighbour',
      where: 'routing table',
      why: message(
        '{why}; {subnet} is on {name} and on {other}: only one of these routes is used',
        {
          why,
          subnet: other.destination,
          name: device.name,
          other: other.device ?? '?',
        },
      ),
      evidence: `${evidence}; ip route: ${other.destination} dev ${device.name}, ${other.destination} dev ${other.device}`,
    }
  return { reason: 'no-neighbour', why, evidence }
}

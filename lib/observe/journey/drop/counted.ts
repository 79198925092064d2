// Finds drops that only a counter or a full table shows: connection tracking, fragments, queueing disciplines, IP's own counters.
import { message, type Message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { AppliedRule } from '../journey.ts'
import { stepsOf } from '../steps.ts'
import type { World } from '../world.ts'
import type { Finding, LossOf } from './finding.ts'

/** @param rules what matched the packet: a translation to a port that another connection has is seen only when the entry is made. */
export function conntrackLoss(
  world: World,
  node: string,
  rules: readonly AppliedRule[] = [],
): Finding | undefined {
  const max = world.sysctl(node, 'net/netfilter/nf_conntrack_max')
  const count = world.sysctl(node, 'net/netfilter/nf_conntrack_count')
  const where = 'connection tracking'
  if (max > 0 && count >= max) {
    return {
      reason: 'conntrack',
      where,
      why: message('the table of connections is full: {count} entries, and {max} is the most', {
        count,
        max,
      }),
      evidence: `sysctl net.netfilter.nf_conntrack_count = ${count}, net.netfilter.nf_conntrack_max = ${max}`,
      remedy: `sysctl -w net.netfilter.nf_conntrack_max=${Math.max(65536, max * 2)}`,
    }
  }
  const failed = world.grown(node, 'conntrack.insert_failed')
  const translation = rules.find(({ rule }) => /\b(masquerade|snat|netmap)\b/i.test(rule))
  if (failed > 0 && translation)
    return {
      reason: 'ports-exhausted',
      where,
      why: message(
        'a rule gives it an address and a port that another connection has already, and no other is free',
      ),
      evidence: `${translation.rule}; conntrack -S: insert_failed grew by ${failed}`,
    }
  if (failed > 0)
    return {
      reason: 'conntrack',
      where,
      why: message(
        'its entry could not be made: another connection has the same addresses and ports already',
      ),
      evidence: `conntrack -S: insert_failed grew by ${failed}`,
    }
  const dropped = world.grown(node, 'conntrack.drop')
  if (dropped <= 0) return undefined
  return {
    reason: 'conntrack',
    where,
    why: message('connection tracking dropped packets while we looked'),
    evidence: `conntrack -S: drop grew by ${dropped}`,
  }
}

/** A packet in pieces is whole only when the last of them has come: the piece that is missing is followed. */
export function fragmentLoss(
  world: World,
  lossOf: LossOf,
  node: string,
  packet: IpPacket,
): Finding | undefined {
  const [, id, offset] = packet.key.split(' ')
  if (!packet.moreFragments || offset !== '0') return undefined
  const pieces = new Set(
    world.seen.flatMap(({ ethernet: { ip } }) =>
      ip?.protocol === packet.protocol && ip.key.startsWith(`4 ${id} `) && ip.key !== packet.key
        ? [ip.key]
        : [],
    ),
  )
  for (const key of pieces) {
    const loss = lossOf(world, stepsOf(world, key))
    if (!loss || /^(unknown|dropped-in-hook)$/.test(loss.reason)) continue
    const why = message('it came in pieces, and a piece of it was lost: {why}', { why: loss.why })
    return { ...loss, why }
  }
  const arrived = world.seen.some(
    ({ frame, ethernet: { ip } }) =>
      frame.node === node && frame.direction === 'in' && ip !== undefined && pieces.has(ip.key),
  )
  if (arrived) return undefined
  return {
    reason: 'mtu',
    why: message(
      'it came in pieces, and a piece is missing: the kernel waits for the rest and then drops all',
    ),
    evidence: `no other piece was seen arriving at ${node}`,
  }
}

/** tc: what was thrown away before it left, or by a filter (clsact, ingress), which only its queueing discipline counts. */
export function qdiscLoss(world: World, node: string, device: string): Finding | undefined {
  const [found] = world.droppingQdiscs(node, device)
  if (!found) return undefined
  const { kind, drops } = found
  const isFilter = kind === 'clsact' || kind === 'ingress'
  return {
    reason: 'queue',
    where: device,
    why: isFilter
      ? message('a filter of tc on {name} dropped {drops} packets while we looked', {
          name: device,
          drops,
        })
      : message(
          'the queueing discipline {kind} of {name} dropped {drops} packets while we looked',
          { kind, name: device, drops },
        ),
    evidence: `tc -s qdisc show dev ${device}: ${kind}, dropped grew by ${drops}`,
    remedy: isFilter
      ? `tc filter delete dev ${device} ingress; tc filter delete dev ${device} egress`
      : `tc qdisc delete dev ${device} root`,
  }
}

/** What the kernel says of the whole node is evidence only together with the packet that vanished there. */
export function countedLoss(world: World, node: string, { family }: IpPacket): Finding | undefined {
  const names = family === 6 ? counters6 : counters4
  const found = Object.entries(names).find(([name]) => world.grown(node, name) > 0)
  if (!found) return undefined
  const [name, why] = found
  const evidence = `${name} grew by ${world.grown(node, name)}`
  return { reason: name.includes('Csum') ? 'checksum' : 'unknown', why, evidence }
}

const counters4: Readonly<Record<string, Message>> = {
  'IpExt.InCsumErrors': message('the checksum of an IP header was wrong'),
  'IpExt.InTruncatedPkts': message('a packet was shorter than its header says'),
  'IpExt.InNoRoutes': message('no route led on for a packet that came in'),
  'Ip.InAddrErrors': message(
    'the kernel took the destination for an address that it may not forward to',
  ),
  'Ip.InHdrErrors': message('the kernel found an error in an IP header, or a time to live used up'),
  'Ip.ReasmFails': message('the pieces of a packet could not be put together'),
  'Ip.InDiscards': message('the kernel had no room for a packet'),
}

const counters6: Readonly<Record<string, Message>> = {
  Ip6InNoRoutes: message('no route led on for a packet that came in'),
  Ip6InAddrErrors: message('the kernel took an address for one that may not be used'),
  Ip6InTruncatedPkts: message('a packet was shorter than its header says'),
  Ip6InHdrErrors: message('the kernel found an error in an IPv6 header'),
  Ip6InTooBigErrors: message('a packet was too long for the next interface'),
  Ip6ReasmFails: message('the pieces of a packet could not be put together'),
  Ip6InDiscards: message('IPv6 is switched off there, or the kernel had no room for a packet'),
}

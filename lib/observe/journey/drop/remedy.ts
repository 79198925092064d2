// Writes the command that mends a drop by the firewall: what removes the rule, or what accepts exactly this conversation.
import type { IpPacket } from '../../capture/packet.ts'
import type { AppliedRule } from '../journey.ts'
import type { Pass } from '../passes.ts'
import { addressesOf, sameAddresses, type World } from '../world.ts'

export function removal({ rule, family, table, chain, handle }: AppliedRule): string | null {
  if (/^ip6?tables(-legacy)? /.test(rule)) return rule.replace(' -A ', ' -D ')
  return handle === null || rule.endsWith('no longer there')
    ? null
    : `nft delete rule ${family} ${table} ${chain} handle ${handle}`
}

const builtIn = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/

/** An answer is accepted with all answers of known connections; what begins one, by its addresses. */
export function acceptance(
  world: World,
  pass: Pass,
  packet: IpPacket,
  { family, table, chain }: AppliedRule,
): string {
  const isV6 = packet.family === 6
  const isAnswer = answersKnown(world, pass, packet)
  if (builtIn.test(chain) && (family === 'ip' || family === 'ip6')) {
    const program = `${isV6 ? 'ip6tables' : 'iptables'}${table === 'filter' ? '' : ` -t ${table}`}`
    // Neighbours are found by groups and answers that no rule about these two addresses meets.
    const isDiscovery = packet.icmp?.type === 135 || packet.icmp?.type === 136
    const what = isDiscovery
      ? '-p ipv6-icmp'
      : isAnswer
        ? '-m conntrack --ctstate ESTABLISHED,RELATED'
        : `-s ${packet.source} -d ${packet.destination}`
    return `${program} -A ${chain} ${what} -j ACCEPT`
  }
  const ip = isV6 ? 'ip6' : 'ip'
  const what =
    isAnswer && family !== 'bridge'
      ? 'ct state established,related'
      : `${ip} saddr ${packet.source} ${ip} daddr ${packet.destination}`
  return `nft add rule ${family} ${table} ${chain} ${what} accept`
}

function answersKnown(world: World, { node }: Pass, packet: IpPacket): boolean {
  const addresses = addressesOf(packet)
  return (world.state(node)?.connections ?? []).some(
    ({ protocol, reply }) =>
      protocol === packet.protocol && sameAddresses({ protocol, ...reply }, addresses),
  )
}

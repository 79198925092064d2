// Asks a node's routing tables what a packet asked them: with its addresses, ports, mark, class and interface of that moment.
import { BlockList, isIP } from 'node:net'
import type { Pass } from './passes.ts'
import type { RouteQuestion } from './route-answers.ts'
import type { World } from './world.ts'

/** Undefined where the packet never came to a routing decision. */
export function questionOf(world: World, pass: Pass): RouteQuestion | undefined {
  const { node, visits, input } = pass
  const [first] = visits
  if (!first) return undefined
  const isOutput = first.hook === 'output'
  const device = world.device(node, input)
  const packet = first.after ?? (isOutput ? first.before : undefined)
  if (!packet || (!isOutput && !device)) return undefined
  const { source, destination, protocol, sourcePort, destinationPort, family, tos } = packet
  // An answer's own address may be no longer there; the kernel refuses such a question.
  const hasSource = !isOutput || world.isOwn(node, source)
  return {
    node,
    destination,
    ...(hasSource ? { source } : {}),
    ...(isOutput ? {} : { input: device?.name ?? '' }),
    ...(first.mark === 0 ? {} : { mark: first.mark }),
    ...((tos & 0xfc) === 0 ? {} : { tos: tos & (family === 4 ? 0x1c : 0xfc) }),
    ...(protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp' ? { protocol } : {}),
    ...(protocol === 'icmp' || sourcePort === undefined || destinationPort === undefined
      ? {}
      : { sourcePort, destinationPort }),
  }
}

/** The rules of `ip rule` that lead this packet to the table. */
export function policiesTo(
  world: World,
  question: RouteQuestion,
  table: string,
): readonly string[] {
  const family = question.destination.includes(':') ? 6 : 4
  return (world.state(question.node)?.policies ?? [])
    .filter((rule) => rule.family === family && String(rule.fields.table ?? '') === table)
    .filter(({ fields }) => matches(fields, question))
    .map(({ text }) => text)
}

/** Only a field that can be compared exactly refutes a rule: a rule that we cannot read stays in the list. */
export function matches(
  fields: Readonly<Record<string, string | number | null>>,
  { mark = 0, tos = 0, input, destination, source, protocol, destinationPort }: RouteQuestion,
): boolean {
  const mask = fields.fwmask === undefined ? -1 : Number(fields.fwmask)
  if (fields.fwmark !== undefined && ((mark ^ Number(fields.fwmark)) & mask) !== 0) return false
  if (fields.tos !== undefined && Number(fields.tos) !== tos) return false
  if (typeof fields.iif === 'string' && fields.iif !== input) return false
  if (!within(fields.dst, fields.dstlen, destination)) return false
  if (!within(fields.src, fields.srclen, source)) return false
  if (typeof fields.ipproto === 'string' && fields.ipproto !== protocol) return false
  return fields.dport === undefined || Number(fields.dport) === destinationPort
}

function within(
  network: string | number | null | undefined,
  prefix: string | number | null | undefined,
  address: string | undefined,
): boolean {
  if (typeof network !== 'string' || network === 'all' || address === undefined) return true
  return prefix === undefined ? network === address : holds(`${network}/${prefix}`, address)
}

/** Whether the address is in the subnet: `10.1.0.0/16`; also of an address with its prefix. */
export function holds(subnet: string, address: string): boolean {
  const [network = '', prefix] = subnet.split('/')
  const family = address.includes(':') ? 'ipv6' : 'ipv4'
  if (
    prefix === undefined ||
    isIP(network) === 0 ||
    network.includes(':') !== address.includes(':')
  )
    return false
  const list = new BlockList()
  list.addSubnet(network, Number(prefix), family)
  return list.check(address, family)
}

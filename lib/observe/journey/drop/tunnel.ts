// Finds why a frame went into a VXLAN tunnel and did not come out: the two ends must agree on the network's number, the port and the addresses.
import { message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import type { RouteAnswer } from '../route-answers.ts'
import type { Steps } from '../steps.ts'
import type { FrameStep, PassStep } from '../tree.ts'
import type { World } from '../world.ts'
import type { Finding } from './finding.ts'

/** The tunnel's packet never left: nothing says where to. */
export function innerLoss(
  world: World,
  way: Steps,
  step: FrameStep,
  device: Device,
): Finding | undefined {
  const { frame, ethernet } = step
  const { vxlan, name } = device
  if (!vxlan) return undefined
  const mac = ethernet.destinationMac
  const entries = (world.state(frame.node)?.forwarding ?? []).filter(
    (each) => each.port === name && each.remote !== null,
  )
  const entry =
    entries.find((each) => each.mac === mac) ??
    entries.find((each) => each.mac === '00:00:00:00:00:00')
  const remote = entry?.remote ?? vxlan.remote
  if (remote === null || remote === undefined) {
    const asked = ethernet.arp?.target ?? ethernet.ip?.icmp?.neighbour
    if (asked !== undefined && vxlan.proxy) return notAnswered(name, asked)
    return {
      reason: 'tunnel',
      where: name,
      why: message(
        '{name} does not know to which host it should send what is for {mac}: it has no remote, and no entry for it',
        { name, mac },
      ),
      evidence: `ip -d link show ${name}; bridge fdb show dev ${name}`,
    }
  }
  const answer = world.route({ node: frame.node, destination: remote })
  if (answer?.error === undefined) return tooLong(world, way, step, { name, remote, answer })
  const why = message('{name} sends to {remote}, and no route leads there', { name, remote })
  return { reason: 'tunnel', where: name, why, evidence: `ip route get ${remote}: ${answer.error}` }
}

/** The device answers questions for addresses of which it has a neighbour entry (`proxy`). */
function notAnswered(name: string, asked: string): Finding {
  return {
    reason: 'tunnel',
    where: name,
    why: message(
      '{name} answers questions for addresses (proxy), and has no neighbour entry for {asked}; it sends the question to no host',
      { name, asked },
    ),
    evidence: `ip neighbour show ${asked} dev ${name}: none; bridge fdb show dev ${name}`,
  }
}

type Tunnel = {
  readonly name: string
  readonly remote: string
  readonly answer: RouteAnswer | undefined
}

/**
 * A packet that must not be divided is refused when the outer one would be longer than its way (skb_tunnel_check_pmtu): the device
 * sends the ICMP error in the name of the destination. RFC 7348: 50 bytes of headers with IPv4, 70 with IPv6.
 */
function tooLong(
  world: World,
  { steps }: Steps,
  { frame, ethernet }: FrameStep,
  { name, remote, answer }: Tunnel,
): Finding | undefined {
  const below = world.state(frame.node)?.devices.find((each) => each.name === answer?.device)
  const [length, headers] = [frame.length - 14, remote.includes(':') ? 70 : 50]
  if (!below || !ethernet.ip?.dontFragment || length + headers <= below.mtu) return undefined
  const sender = steps.find((each) => each.kind === 'frame')
  const most = below.mtu - headers
  return {
    reason: 'mtu',
    ...(sender ? { node: sender.frame.node } : {}),
    where: sender?.frame.interface ?? name,
    why: message(
      'it has {length} bytes, and must not be divided; {name} adds {headers} for the outer packet, and {below} of {node} takes {mtu}',
      { length, name, headers, below: below.name, node: frame.node, mtu: below.mtu },
    ),
    evidence: `${frame.node}: ip link show ${below.name}: mtu ${below.mtu}`,
    ...(sender ? { remedy: `ip link set ${sender.frame.interface} mtu ${most}` } : {}),
  }
}

/** The tunnel's packet arrived, and nothing came out of it. */
export function tunnelLoss(world: World, step: FrameStep | PassStep): Finding | undefined {
  const node = step.kind === 'frame' ? step.frame.node : step.pass.node
  const key = step.kind === 'frame' ? step.ethernet.ip?.key : step.pass.key
  const outer = world.seen.find(({ ethernet: { ip } }) => ip?.key === key && ip?.tunnel)?.ethernet
    .ip
  if (!outer?.tunnel) return undefined
  const { vni } = outer.tunnel
  const port = outer.destinationPort ?? 0
  const ends = (world.state(node)?.devices ?? []).filter((each) => each.vxlan)
  const here = ends
    .map((each) => `${each.name}: id ${each.vxlan?.id}, port ${each.vxlan?.port}`)
    .join('; ')
  const shown = `outer packet: VNI ${vni}, UDP port ${port}; ${here === '' ? `${node} has no vxlan device` : here}`
  const base = { reason: 'tunnel' as const, node, evidence: shown }
  if (ends.length === 0)
    return {
      ...base,
      why: message("{node} got the tunnel's packet and has no VXLAN device", { node }),
    }
  const samePort = ends.filter((each) => each.vxlan?.port === port)
  if (samePort.length === 0) {
    const [end] = ends
    const why = message(
      "{node} got the tunnel's packet on UDP port {port}, and {name} waits on port {other}",
      { node, port, name: end?.name ?? '?', other: end?.vxlan?.port ?? '?' },
    )
    return { ...base, where: end?.name ?? '', why }
  }
  const same = samePort.find((each) => each.vxlan?.id === vni)
  if (!same) {
    const [end] = samePort
    const why = message(
      "the tunnel's packet belongs to the network (VNI) {vni}, and {name} of {node} to {id}",
      { vni, name: end?.name ?? '?', node, id: end?.vxlan?.id ?? '?' },
    )
    return { ...base, where: end?.name ?? '', why }
  }
  if (!same.up)
    return {
      ...base,
      where: same.name,
      why: message('{name}, where the tunnel ends, is down', { name: same.name }),
      evidence: `${shown}; ip link show ${same.name}: state DOWN`,
      remedy: `ip link set ${same.name} up`,
    }
  return undefined
}

// Finds why a frame went into a VXLAN tunnel and did not come out: the two ends must agree on the network's number, the port and the addresses.
import { message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import type { FrameStep, PassStep } from '../tree.ts'
import type { World } from '../world.ts'
import type { Finding } from './finding.ts'

/** The tunnel's packet never left: nothing says where to. */
export function innerLoss(
  world: World,
  { frame, ethernet }: FrameStep,
  device: Device,
): Finding | undefined {
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
  if (remote === null || remote === undefined)
    return {
      reason: 'tunnel',
      where: name,
      why: message(
        '{name} does not know to which host it should send what is for {mac}: it has no remote, and no entry for it',
        { name, mac },
      ),
      evidence: `ip -d link show ${name}; bridge fdb show dev ${name}`,
    }
  const answer = world.route({ node: frame.node, destination: remote })
  if (answer?.error === undefined) return undefined
  const why = message('{name} sends to {remote}, and no route leads there', { name, remote })
  return { reason: 'tunnel', where: name, why, evidence: `ip route get ${remote}: ${answer.error}` }
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

// Finds why a bridge did not send a frame out by a port: its state, isolation, carrier, flooding, or a filter of tc on it.
import { message } from '../../../language/message.ts'
import type { Ethernet } from '../../capture/packet.ts'
import type { Port } from '../node-state.ts'
import { attachment, isReceiver, segmentBehind } from '../segment.ts'
import { isGroup } from '../steps.ts'
import type { World } from '../world.ts'
import { carrierLoss } from './before-interface.ts'
import { qdiscLoss } from './counted.ts'
import type { Finding } from './finding.ts'

type Bridged = {
  readonly node: string
  readonly bridge: string
  readonly from: string | null
  readonly ethernet: Ethernet
}

/** Why a port does not send what it should. */
export function outPortLoss(
  world: World,
  node: string,
  bridge: string,
  from: Port | undefined,
  to: Port,
  shown: string,
): Finding | undefined {
  const show = `bridge -d link show dev ${to.device}`
  if (from?.isolated && to.isolated)
    return {
      reason: 'bridge',
      why: message(
        '{name} and {name2} are isolated ports of {bridge}: no frame passes between two of these',
        { name: from.device, name2: to.device, bridge },
      ),
      evidence: `${shown}; ${show}: isolated on`,
      remedy: `bridge link set dev ${to.device} isolated off`,
    }
  const device = world.deviceNamed(node, to.device)
  const carrier = device && carrierLoss(world, node, device)
  if (carrier) return { ...carrier, evidence: `${shown}; ${carrier.evidence}` }
  if (to.state === 'forwarding') return (device && qdiscLoss(world, node, device.name)) ?? undefined
  if (world.deviceNamed(node, bridge)?.spanningTree) return blockedByTree(bridge, to)
  return {
    reason: 'bridge',
    why: message('the port {name} of {bridge} is {state}: nothing goes out there', {
      name: to.device,
      bridge,
      state: to.state,
    }),
    evidence: `${shown}; ${show}: state ${to.state}`,
    remedy: `bridge link set dev ${to.device} state 3`,
  }
}

/** A port listens and learns before it forwards; a port that blocks would close a loop. */
export function blockedByTree(bridge: string, { device, state }: Port): Finding {
  const waits = state === 'listening' || state === 'learning'
  return {
    reason: 'bridge',
    why: waits
      ? message(
          'the port {port} of {bridge} is still {state}: the spanning tree lets it forward after twice the forward delay',
          { port: device, bridge, state },
        )
      : message(
          'the port {port} of {bridge} is {state}: the spanning tree closed it, since it would make a loop',
          { port: device, bridge, state },
        ),
    evidence: `bridge -d link show dev ${device}: state ${state}; ip -d link show ${bridge}: stp_state 1`,
  }
}

/** An unknown address, a group or everybody: each port has a switch for each of these. */
export function floodLoss(
  world: World,
  { node, bridge, from, ethernet }: Bridged,
  port: Port | undefined,
  exits: readonly string[],
): Finding | undefined {
  const mac = ethernet.destinationMac
  const entry = world
    .state(node)
    ?.forwarding.find((each) => each.mac === mac && each.bridge === bridge)
  if (entry && !entry.own) return undefined
  const others = world.portsOf(node, bridge).filter(({ device }) => device !== from)
  if (others.length === 0) {
    const meant = world.nodes.flatMap((each) =>
      (world.state(each)?.devices ?? []).map((device) => ({ node: each, device })),
    )
    const apart = meant
      .filter((place) => isReceiver(world, ethernet, place))
      .map((place) => attachment(world, place))
      .find((each) => each !== undefined)
    const nobody = message('{bridge} has no other port: there is nobody to send it to', { bridge })
    const why = apart ? message('{why}: {apart}', { why: nobody, apart }) : nobody
    return { reason: 'bridge', why, evidence: `bridge link show: no other port of ${bridge}` }
  }
  const [option, name] =
    mac === everybody
      ? (['broadcastFlood', 'bcast_flood'] as const)
      : isGroup(mac)
        ? (['multicastFlood', 'mcast_flood'] as const)
        : (['flood', 'flood'] as const)
  const what =
    mac === everybody
      ? message('broadcasts')
      : isGroup(mac)
        ? message('multicasts')
        : message('frames for an unknown address ({mac})', { mac })
  // The ports that lead to the receiver; where nobody here is the receiver, those behind which it may be unseen.
  const mayLead = ({ device }: Port) =>
    exits.length > 0 ? exits.includes(device) : !segmentBehind(world, node, device).isWhole
  for (const to of others.filter(mayLead)) {
    const shut = outPortLoss(
      world,
      node,
      bridge,
      port,
      to,
      `bridge fdb show br ${bridge}: no entry for ${mac}`,
    )
    if (shut) return shut
    if (!to[option])
      return {
        reason: 'bridge',
        why: message('{bridge} does not send {what} to {name}: flooding is off there', {
          bridge,
          what,
          name: to.device,
        }),
        evidence: `bridge -d link show dev ${to.device}: ${name} off`,
        remedy: `bridge link set dev ${to.device} ${name} on`,
      }
  }
  return undefined
}

const everybody = 'ff:ff:ff:ff:ff:ff'

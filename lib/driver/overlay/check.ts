// Compares tunnels and their entries with the records, and plans the repair: a tunnel that differs is made anew, with all its entries.
import { readRemoteEntries } from '../../kernel/read.ts'
import type { Attached, Findings, Peer, Step } from '../driver.ts'
import { peerSteps, tunnelMac, tunnelName, tunnelSteps, type OverlayContext } from './tunnel.ts'

export async function checkTunnels(
  context: OverlayContext,
  attached: readonly Attached[],
): Promise<Findings> {
  if (attached.length === 0) return { steps: [], lost: [] }
  const { links, forwarding, neighbours } = await readRemoteEntries()
  const steps = attached.flatMap(({ network, peers = [] }): readonly Step[] => {
    const name = tunnelName(network)
    const link = links.find((each) => each.name === name)
    const bridge = links.find((each) => each.name === network.interface)
    // The check of the bridges says what is wrong.
    if (!bridge) return []
    const isSame =
      link?.mac === tunnelMac(network) &&
      link.master === network.interface &&
      link.up &&
      link.vxlan?.local === context.address() &&
      String(link.vxlan.id) === network.options.vni
    if (!isSame)
      return [
        ...(link
          ? [
              {
                title: 'Remove the tunnel that differs from its record',
                operations: [{ kind: 'remove-link' as const, link: name }],
              },
            ]
          : []),
        ...tunnelSteps(context, network),
        ...peerSteps(network, { added: peers, removed: [] }),
      ]
    const ways = new Map(
      forwarding
        .filter((entry) => entry.link === name && entry.destination !== undefined)
        .map(({ mac, destination = '' }) => [mac, destination]),
    )
    const ports = new Set(
      forwarding
        .filter((entry) => entry.link === name && entry.bridge !== undefined && !entry.learned)
        .map(({ mac }) => mac),
    )
    const known = new Map(
      neighbours
        .filter((entry) => entry.link === network.interface && entry.state === 'PERMANENT')
        .map(({ address, mac }) => [address, mac ?? '']),
    )
    const isThere = ({ address, mac, machine }: Peer) =>
      ways.get(mac) === machine && ports.has(mac) && known.get(address) === mac
    const addresses = new Set(peers.map(({ address }) => address))
    const macs = new Set(peers.map(({ mac }) => mac))
    const stale = [...known]
      .filter(([address]) => !addresses.has(address))
      .map(([address, mac]) => ({ address, mac, machine: ways.get(mac) ?? '' }))
    const staleMacs = [...ways].filter(
      ([mac]) => !macs.has(mac) && !stale.some((peer) => peer.mac === mac),
    )
    return [
      ...peerSteps(network, { added: peers.filter((peer) => !isThere(peer)), removed: stale }),
      ...staleMacs.map(([mac, destination]) => ({
        title: 'Remove the entries of endpoints that are gone',
        operations: [
          { kind: 'remove-forwarding-entry' as const, mac, link: name },
          { kind: 'remove-forwarding-entry' as const, mac, link: name, destination },
        ],
      })),
    ]
  })
  return { steps, lost: [] }
}

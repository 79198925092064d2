// Ports of bridges and forwarding tables, from the answers of one `bridge -json -batch`.
import type { BridgePort, ForwardingEntry } from '../../../kernel/state/state.ts'
import { byText, items } from './json.ts'

type RawPort = {
  ifindex: number
  ifname: string
  master?: string
  state: string
  hairpin?: boolean
  isolated?: boolean
  learning?: boolean
  flood?: boolean
  bcast_flood?: boolean
  mcast_flood?: boolean
  neigh_suppress?: boolean
}
type RawEntry = {
  mac: string
  ifname: string
  master?: string
  vlan?: number
  dst?: string
  state: string
  flags: string[]
}

export function parseBridge(text: string) {
  const all = items(text)
  return {
    ports: all
      .filter((item): item is RawPort => 'ifindex' in item)
      .flatMap((raw) => port(raw))
      .toSorted(byText),
    forwarding: all
      .filter((item): item is RawEntry => 'mac' in item)
      .filter(({ mac, flags, dst }) => !isMulticastFilter(mac, flags) || dst !== undefined)
      .map(entry)
      .toSorted(byText),
  }
}

/** A VXLAN device has a line without a master, and is a port only when it has one. */
function port(raw: RawPort): readonly BridgePort[] {
  const { ifname, master, state, hairpin, isolated } = raw
  const { learning, flood, bcast_flood, mcast_flood, neigh_suppress } = raw
  if (master === undefined) return []
  return [
    {
      link: ifname,
      bridge: master,
      state,
      hairpin: hairpin ?? false,
      isolated: isolated ?? false,
      learning: learning ?? true,
      flooding: flood ?? true,
      broadcastFlooding: bcast_flood ?? true,
      multicastFlooding: mcast_flood ?? true,
      neighbourSuppression: neigh_suppress ?? false,
    },
  ]
}

/** Which multicast frames a device takes for itself is listed with the forwarding tables, but forwards nothing. */
function isMulticastFilter(mac: string, flags: readonly string[]): boolean {
  return flags.includes('self') && Number.parseInt(mac.slice(0, 2), 16) % 2 === 1
}

function entry({ mac, ifname, master, vlan, dst, state }: RawEntry): ForwardingEntry {
  return {
    mac,
    link: ifname,
    ...(master === undefined ? {} : { bridge: master }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(dst === undefined ? {} : { destination: dst }),
    // iproute2 has no word for what is usual: reachable by learning.
    learned: state === '' || state === 'stale' || state === 'reachable',
    ...(state === 'permanent' && dst === undefined ? { local: true } : {}),
  }
}

// Ports of bridges and forwarding tables, from the answers of one `bridge -json -batch`.
import type { BridgePort, ForwardingEntry } from '../snapshot.ts'
import { byText, items } from './json.ts'

type RawPort = {
  ifindex: number
  ifname: string
  master?: string
  state: string
  hairpin?: boolean
  isolated?: boolean
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
function port({ ifname, master, state, hairpin, isolated }: RawPort): readonly BridgePort[] {
  if (master === undefined) return []
  return [
    {
      link: ifname,
      bridge: master,
      state,
      hairpin: hairpin ?? false,
      isolated: isolated ?? false,
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
  }
}

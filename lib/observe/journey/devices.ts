// Reads the devices of a node and the ports of its bridges from what `ip -j -d -s address show` prints.

export type Device = {
  readonly index: number
  readonly name: string
  /** `veth`, `bridge`, `vxlan`, `macvlan`, `loopback` …; empty for real hardware. */
  readonly type: string
  readonly mac: string
  readonly mtu: number
  readonly up: boolean
  /** Whether the other end of the veth is up; of a bridge, whether a port is. */
  readonly carrier: boolean
  /** Whether it asks for hardware addresses (`arp on`). */
  readonly arp: boolean
  readonly master: string | null
  /** Of a veth its other end, of a macvlan its parent: an index, and the namespace's number if it is in another one. */
  readonly link: {
    readonly index: number | null
    readonly name: string | null
    readonly namespace: number | null
  }
  readonly addresses: readonly Address[]
  readonly qdisc: string
  readonly hasXdp: boolean
  readonly vxlan: Vxlan | null
  /** Of macvlan. */
  readonly mode: string | null
  readonly vlanFiltering: boolean
  readonly dropped: { readonly rx: number; readonly tx: number }
}

export type Address = {
  readonly address: string
  readonly prefix: number
  readonly tentative: boolean
  /** Somebody else on the segment has it, too (duplicate address detection). */
  readonly duplicate: boolean
}

export type Vxlan = {
  readonly id: number
  readonly port: number
  readonly remote: string | null
  readonly local: string | null
}

export type Port = {
  readonly device: string
  readonly bridge: string
  readonly state: string
  readonly isolated: boolean
  readonly hairpin: boolean
  readonly learning: boolean
  readonly locked: boolean
  /** Whether frames for unknown addresses, for groups and for everybody go out there. */
  readonly flood: boolean
  readonly multicastFlood: boolean
  readonly broadcastFlood: boolean
  readonly neighbourSuppression: boolean
}

export type RawLink = {
  ifindex: number
  ifname: string
  link?: string
  link_index?: number
  link_netnsid?: number
  qdisc?: string
  xdp?: unknown
  linkinfo?: {
    info_kind?: string
    info_data?: Readonly<Record<string, string | number | boolean | undefined>>
    info_slave_kind?: string
    info_slave_data?: Readonly<Record<string, string | number | boolean | undefined>>
  }
  address?: string
  mtu: number
  master?: string
  flags: string[]
  addr_info?: { local: string; prefixlen: number; tentative?: boolean; dadfailed?: boolean }[]
  stats64?: { rx: { dropped: number }; tx: { dropped: number } }
}

export function device(raw: RawLink): Device {
  const { info_kind: kind, info_data: data = {} } = raw.linkinfo ?? {}
  return {
    index: raw.ifindex,
    name: raw.ifname,
    type: kind ?? (raw.flags.includes('LOOPBACK') ? 'loopback' : ''),
    mac: raw.address ?? '',
    mtu: raw.mtu,
    up: raw.flags.includes('UP'),
    carrier: raw.flags.includes('LOWER_UP') || !raw.flags.includes('UP'),
    arp: !raw.flags.includes('NOARP'),
    master: raw.master ?? null,
    link: {
      index: raw.link_index ?? null,
      name: raw.link ?? null,
      namespace: raw.link_netnsid ?? null,
    },
    addresses: (raw.addr_info ?? []).map(({ local, prefixlen, tentative, dadfailed }) => ({
      address: local,
      prefix: prefixlen,
      tentative: tentative === true,
      duplicate: dadfailed === true,
    })),
    qdisc: raw.qdisc ?? '',
    hasXdp: raw.xdp !== undefined,
    vxlan:
      kind === 'vxlan'
        ? {
            id: Number(data.id ?? 0),
            port: Number(data.port ?? 0),
            remote: textOf(data.remote ?? data.remote6 ?? data.group ?? data.group6),
            local: textOf(data.local ?? data.local6),
          }
        : null,
    mode: textOf(data.mode),
    vlanFiltering: data.vlan_filtering === 1,
    dropped: { rx: raw.stats64?.rx.dropped ?? 0, tx: raw.stats64?.tx.dropped ?? 0 },
  }
}

export function port({ ifname, master, linkinfo }: RawLink): readonly Port[] {
  const { info_slave_kind: kind, info_slave_data: data = {} } = linkinfo ?? {}
  if (master === undefined || kind !== 'bridge') return []
  return [
    {
      device: ifname,
      bridge: master,
      state: textOf(data.state) ?? 'unknown',
      isolated: data.isolated === true,
      hairpin: data.hairpin === true,
      learning: data.learning !== false,
      locked: data.locked === true,
      flood: data.flood !== false,
      multicastFlood: data.mcast_flood !== false,
      broadcastFlood: data.bcast_flood !== false,
      neighbourSuppression: data.neigh_suppress === true,
    },
  ]
}

function textOf(value: string | number | boolean | undefined): string | null {
  return typeof value === 'string' ? value : null
}

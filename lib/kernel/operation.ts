// Defines the operations of kernel work: each is plain data that can be shown, journaled, applied and undone. Stored journals
// contain them, so a kind is never renamed.
import { NetdojoError } from '../errors.ts'

/** The words of an operation can become a line of `ip -batch` or `nft -f`: `word` accepts only what is one word there. */
export type Operation =
  | LinkOperation
  | RemoteOperation
  | SysctlOperation
  | NftOperation
  | IptablesOperation
  | FlushConnections
  | OwnOperation

/** Changes that `ip` can make; `netns` is the path of a network namespace, absent for the current one. */
export type LinkOperation =
  | {
      /** The kind of the operation. */
      readonly kind: 'add-bridge'
      /** The name of the interface. */
      readonly link: string
      /** `'02:42:ac:11:00:02'` */
      readonly mac: string
      /** In bytes; the kernel's default when absent. */
      readonly mtu?: number
      /** The group of the interface, a number. */
      readonly group: number
    }
  | {
      /** The kind of the operation. */
      readonly kind: 'add-veth'
      /** The name of the interface. */
      readonly link: string
      /** `'02:42:ac:11:00:02'` */
      readonly mac: string
      /** In bytes; the kernel's default when absent. */
      readonly mtu?: number
      /** The group of the interface, a number. */
      readonly group: number
      /** The name of the bridge. */
      readonly bridge: string
      /** The other end, which is created in its namespace; without one on the host, with the same group. */
      readonly peer: {
        /** The name of the interface. */
        readonly link: string
        /** `'02:42:ac:11:00:02'` */
        readonly mac: string
        /** The path of the network namespace; absent for the host's own. */
        readonly netns?: string
      }
    }
  | {
      /** A tunnel device: it sends each frame in a UDP packet to the host that its forwarding table names. */
      readonly kind: 'add-vxlan'
      /** The name of the interface. */
      readonly link: string
      /** `'02:42:ac:11:00:02'` */
      readonly mac: string
      /** In bytes; the kernel's default when absent. */
      readonly mtu?: number
      /** The group of the interface, a number. */
      readonly group: number
      /** The name of the bridge of which the device is a port; none when absent. */
      readonly bridge?: string
      /** The number of the network in each packet (VNI), 1 to 16777215. */
      readonly vni: number
      /** The UDP port, here and on the other hosts. */
      readonly port: number
      /** The address of this host: the source of the outer packets. */
      readonly local: string
      /** The only interface that the outer packets use; the routing table decides when absent. */
      readonly device?: string
      /** Whether the device answers ARP and NDP requests from its own neighbour entries; `false` when absent. */
      readonly proxy?: boolean
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }
  | {
      /** The kind of the operation. */
      readonly kind: 'set-link'
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
      /** A text that the kernel keeps with the interface. */
      readonly alias?: string
      /** `false` keeps the kernel from giving the link an IPv6 address of its own. */
      readonly linkLocal?: boolean
      /** Whether the interface is switched on. */
      readonly up?: boolean
      /** The port. The last two keep the kernel's default when absent: the bridge learns, and forwards ARP and NDP requests. */
      readonly port?: {
        /** Whether a frame may leave by the port by which it came. */
        readonly hairpin: boolean

        /** Whether frames never pass to other isolated ports. */
        readonly isolated: boolean

        /** Whether the bridge learns addresses from frames of this port; the kernel's default is `true`. */
        readonly learning?: boolean

        /** Whether the bridge answers ARP and NDP for the neighbours that it knows; the kernel's default is `false`. */
        readonly neighbourSuppression?: boolean
      }
    }
  | {
      /** The kind of the operation. */
      readonly kind: 'remove-link'
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
      /** The MAC of the link to remove: a link with the same name and another MAC belongs to another program (`rollBack`). */
      readonly mac?: string
    }
  | {
      /** The kind of the operation. */
      readonly kind: 'add-address' | 'remove-address'
      /** The address. */
      readonly address: string
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }
  | {
      /** `replace` changes the route to the same destination, or adds it: applying it twice does no harm. */
      readonly kind: 'add-route' | 'replace-route' | 'remove-route'
      /** The destination: a prefix, or `'default'`. */
      readonly to: string
      /** The address of the next router; absent when the destination is on the link itself. */
      readonly via?: string
      /** The next router is on the link, although no subnet of the link contains its address. */
      readonly onlink?: true
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }
  | {
      /** A routing rule: packets to the subnet are looked up in the table main. */
      readonly kind: 'add-policy-rule' | 'remove-policy-rule'
      /** The destination: a prefix, or `'default'`. */
      readonly to: string
      /** The priority of the rule; lower ones are asked first. */
      readonly priority: number
    }
  | {
      /** Asks for the neighbour's MAC: this broadcast request announces the link's own MAC to all neighbours. */
      readonly kind: 'announce'
      /** The address of the neighbour. */
      readonly neighbour: string
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }

/** Changes that `ip` and `bridge` can make of what a host knows about other hosts. Such an entry never expires. */
export type RemoteOperation =
  | {
      /** An entry of a forwarding table. `replace` changes the entry of the same MAC, or adds it. */
      readonly kind: 'add-forwarding-entry' | 'replace-forwarding-entry' | 'remove-forwarding-entry'
      /** The MAC of the frames. */
      readonly mac: string
      /** The VXLAN device, or the port of a bridge. */
      readonly link: string
      /** The host to which the VXLAN device sends the frames. When absent, the entry is one of the bridge: the frames leave by the port `link`. */
      readonly destination?: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }
  | {
      /** An entry of the neighbour table. `replace` changes the entry of the same address, or adds it. */
      readonly kind: 'add-neighbour' | 'replace-neighbour' | 'remove-neighbour'
      /** The address of the neighbour. */
      readonly address: string
      /** The MAC of the neighbour. */
      readonly mac: string
      /** The name of the interface. */
      readonly link: string
      /** The path of the network namespace; absent for the host's own. */
      readonly netns?: string
    }

/** Sets a sysctl by its path below /proc/sys, for example `net/ipv4/ip_forward`. */
export type SysctlOperation = {
  /** The kind of the operation. */
  readonly kind: 'set-sysctl'
  /** The path below /proc/sys: `'net/ipv4/ip_forward'`. */
  readonly key: string
  /** The value as text. */
  readonly value: string
  /** The operation changes the sysctl only from this value, and its undo changes it back to it: another value was set by another program. */
  readonly before?: string
  /** The path of the network namespace; absent for the host's own. */
  readonly netns?: string
}

/** Changes that `nft` can make; neighbours in a plan are one transaction. Without `family` the table is one of the family inet. */
export type NftOperation =
  | {
      /** `create` fails when the key exists; `add` accepts an equal element. */
      readonly kind: 'create-element' | 'add-element' | 'remove-element'
      /** The family of the table; `inet` when absent. */
      readonly family?: 'bridge'
      /** The name of the table. */
      readonly table: string
      /** The name of the set or map. */
      readonly set: string
      /** The parts of the key, for example `['tcp', '80']` for `tcp . 80`. */
      readonly key: readonly string[]
      /** The value of a map's key. */
      readonly data?: readonly string[]
    }
  | {
      /** `create` fails when the table exists; `replace` replaces any existing table atomically. */
      readonly kind: 'create-table' | 'replace-table'
      /** The family of the table; `inet` when absent. */
      readonly family?: 'bridge'
      /** The name of the table. */
      readonly table: string
      /** Marked in the kernel, so that another program's table with the same name is never removed. */
      readonly owner: string
      /** The lines of the table, as `nft -f` reads them. */
      readonly body: readonly string[]
    }
  | {
      /** The kind of the operation. */
      readonly kind: 'remove-table'
      /** The family of the table; `inet` when absent. */
      readonly family?: 'bridge'
      /** The name of the table. */
      readonly table: string
      /** Marked in the kernel, so that the table of another program is never removed. */
      readonly owner: string
    }

/** Changes that `iptables` (`ipv` 4) and `ip6tables` (`ipv` 6) can make. */
export type IptablesOperation = {
  /** The kind of the operation. */
  readonly kind: 'add-chain' | 'append-rule' | 'insert-rule' | 'remove-rule' | 'remove-chain'
  /** `iptables` or `ip6tables`. */
  readonly ipv: 4 | 6
  /** The name of the table. */
  readonly table: string
  /** The name of the chain. */
  readonly chain: string
  /** The words of the rule. */
  readonly rule?: readonly string[]
}

/** An operation of a user's driver: its `OperationKind` says what it does. */
export type OwnOperation = {
  /** The driver's name, a colon and a verb: `'macvlan:add'`. */
  readonly kind: `${string}:${string}`
  /** What the operation needs to be applied and undone, also by another process after a crash. */
  readonly data: Readonly<Record<string, string | number | boolean>>
}

/** Deletes tracked connections, so that their next packet meets the current rules. */
export type FlushConnections = {
  /** The kind of the operation. */
  readonly kind: 'flush-connections'
  /** The words of `conntrack -D` that select the entries. */
  readonly filter: readonly string[]
}

/**
 * Checks that `text` is one word of a command, which no program can read as two words or as an option.
 * @throws NetdojoError `usage`
 */
export function word(text: string | number): string {
  const asText = String(text)
  if (/^[A-Za-z0-9_.:/@%+][A-Za-z0-9_.:/@%+-]*$/.test(asText)) return asText
  throw new NetdojoError({
    code: 'usage',
    operation: 'use',
    object: `${JSON.stringify(asText)} in a kernel command`,
    reason: 'it must be one word of letters, digits and . _ : / @ % + -, and must not start with -',
  })
}

/** The name of a namespace that `ip netns` knows; undefined for any other path. */
export function namedNamespace(netns: string): string | undefined {
  return /^\/(?:var\/)?run\/netns\/([^/]+)$/.exec(netns)?.[1]
}

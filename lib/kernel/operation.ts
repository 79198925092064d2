// Defines the operations of kernel work: each is plain data that can be shown, journaled, applied and undone. Stored journals
// contain them, so a kind is never renamed.
import { NetdojoError } from '../errors.ts'

/** The words of an operation can become a line of `ip -batch` or `nft -f`: `word` accepts only what is one word there. */
export type Operation =
  | LinkOperation
  | SysctlOperation
  | NftOperation
  | IptablesOperation
  | FlushConnections
  | OwnOperation

/** Changes that `ip` can make; `netns` is the path of a network namespace, absent for the current one. */
export type LinkOperation =
  | {
      readonly kind: 'add-bridge'
      readonly link: string
      readonly mac: string
      readonly mtu?: number
      readonly group: number
    }
  | {
      readonly kind: 'add-veth'
      readonly link: string
      readonly mac: string
      readonly mtu?: number
      readonly group: number
      readonly bridge: string
      readonly peer: { readonly link: string; readonly mac: string; readonly netns: string }
    }
  | {
      readonly kind: 'set-link'
      readonly link: string
      readonly netns?: string
      readonly alias?: string
      /** `false` keeps the kernel from giving the link an IPv6 address of its own. */
      readonly linkLocal?: boolean
      readonly up?: boolean
      readonly port?: { readonly hairpin: boolean; readonly isolated: boolean }
    }
  | {
      readonly kind: 'remove-link'
      readonly link: string
      readonly netns?: string
      /** The MAC of the link to remove: a link with the same name and another MAC belongs to another program (`rollBack`). */
      readonly mac?: string
    }
  | {
      readonly kind: 'add-address' | 'remove-address'
      readonly address: string
      readonly link: string
      readonly netns?: string
    }
  | {
      /** `replace` changes the route to the same destination, or adds it: applying it twice does no harm. */
      readonly kind: 'add-route' | 'replace-route' | 'remove-route'
      readonly to: string
      readonly via: string
      readonly link: string
      readonly netns?: string
    }
  | {
      /** A routing rule: packets to the subnet are looked up in the table main. */
      readonly kind: 'add-policy-rule' | 'remove-policy-rule'
      readonly to: string
      readonly priority: number
    }
  | {
      /** Asks for the neighbour's MAC: this broadcast request announces the link's own MAC to all neighbours. */
      readonly kind: 'announce'
      readonly neighbour: string
      readonly link: string
      readonly netns?: string
    }

/** Sets a sysctl by its path below /proc/sys, for example `net/ipv4/ip_forward`. */
export type SysctlOperation = {
  readonly kind: 'set-sysctl'
  readonly key: string
  readonly value: string
  /** The operation changes the sysctl only from this value, and its undo changes it back to it: another value was set by another program. */
  readonly before?: string
  readonly netns?: string
}

/** Changes that `nft` can make; neighbours in a plan are one transaction. Without `family` the table is one of the family inet. */
export type NftOperation =
  | {
      /** `create` fails when the key exists; `add` accepts an equal element. */
      readonly kind: 'create-element' | 'add-element' | 'remove-element'
      readonly family?: 'bridge'
      readonly table: string
      readonly set: string
      /** The parts of the key, for example `['tcp', '80']` for `tcp . 80`. */
      readonly key: readonly string[]
      /** The value of a map's key. */
      readonly data?: readonly string[]
    }
  | {
      /** `create` fails when the table exists; `replace` replaces any existing table atomically. */
      readonly kind: 'create-table' | 'replace-table'
      readonly family?: 'bridge'
      readonly table: string
      /** Marked in the kernel, so that another program's table with the same name is never removed. */
      readonly owner: string
      readonly body: readonly string[]
    }
  | {
      readonly kind: 'remove-table'
      readonly family?: 'bridge'
      readonly table: string
      readonly owner: string
    }

/** Changes that `iptables` (`ipv` 4) and `ip6tables` (`ipv` 6) can make. */
export type IptablesOperation = {
  readonly kind: 'add-chain' | 'append-rule' | 'insert-rule' | 'remove-rule' | 'remove-chain'
  readonly ipv: 4 | 6
  readonly table: string
  readonly chain: string
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
  readonly kind: 'flush-connections'
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

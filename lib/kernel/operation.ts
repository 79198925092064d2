// The vocabulary of kernel work: each operation is plain data that can be shown, journaled, applied and undone.

/** Words of an operation end up on a line of `ip -batch` or `nft -f`: `word` in word.ts refuses any that could be two. */
export type Operation =
  | LinkOperation
  | SysctlOperation
  | NftOperation
  | IptablesOperation
  | FlushConnections

/** What `ip` does; `netns` is the path of a network namespace, absent for the one that we are in. */
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
      /** Of the link that is meant: one of the same name with another MAC is somebody else's, see roll-back.ts. */
      readonly mac?: string
    }
  | {
      readonly kind: 'add-address' | 'remove-address'
      readonly address: string
      readonly link: string
      readonly netns?: string
    }
  | {
      readonly kind: 'add-route' | 'remove-route'
      readonly to: string
      readonly via: string
      readonly link: string
      readonly netns?: string
    }
  | {
      /** Asks for the neighbour's MAC: the broadcast question tells everyone on the link our own. */
      readonly kind: 'announce'
      readonly neighbour: string
      readonly link: string
      readonly netns?: string
    }

/** A switch of the kernel below /proc/sys, as `net/ipv4/ip_forward`. */
export type SysctlOperation = {
  readonly kind: 'set-sysctl'
  readonly key: string
  readonly value: string
  readonly netns?: string
}

/** What `nft` does, always in one transaction with its neighbours. */
export type NftOperation =
  | {
      /** `create` fails when the key is there; `add` accepts an equal element. */
      readonly kind: 'create-element' | 'add-element' | 'remove-element'
      readonly table: string
      readonly set: string
      /** The parts of the key, as `['tcp', '80']` for `tcp . 80`. */
      readonly key: readonly string[]
      /** What a map's key leads to. */
      readonly data?: readonly string[]
    }
  | {
      /** `create` refuses a table that is there; `replace` puts this one in the place of any, in the same moment. */
      readonly kind: 'create-table' | 'replace-table'
      readonly table: string
      /** Whose table it is: marked in the kernel, so that nobody else's of the same name is ever removed. */
      readonly owner: string
      readonly body: readonly string[]
    }
  | { readonly kind: 'remove-table'; readonly table: string; readonly owner: string }

/** What `iptables` does; `ipv` says which of the two programs. */
export type IptablesOperation = {
  readonly kind: 'add-chain' | 'append-rule' | 'insert-rule' | 'remove-rule' | 'remove-chain'
  readonly ipv: 4 | 6
  readonly table: string
  readonly chain: string
  readonly rule?: readonly string[]
}

/** Makes the kernel forget tracked connections, so that the next packet meets the rules of now. */
export type FlushConnections = {
  readonly kind: 'flush-connections'
  readonly filter: readonly string[]
}

// Names our iptables chains and the shared rules that jump to them; the names contain the owner, so that two state directories
// never share a chain.
import { existsSync } from 'node:fs'
import { isInstalled } from '../../exec/search-path.ts'

export type Ipv = 4 | 6
export type Rule = {
  readonly ipv: Ipv
  readonly table: 'raw' | 'nat' | 'filter'
  readonly chain: string
  /**
   * The words in the order of `iptables-save`, so that they can be compared with its output: -s -d -i -o -p, then matches, then the
   * target.
   */
  readonly words: readonly string[]
  /** At the top of the chain instead of at its end. */
  readonly first?: boolean
}

export type ChainNames = Readonly<
  Record<'guard' | 'ports' | 'leaving' | 'input' | 'forward' | 'from' | 'to' | 'others', string>
>

/** A chain's name can have 28 characters (XT_EXTENSION_MAXNAMELEN less one). */
export function chainNames(owner: string): ChainNames {
  const name = (part: string) => `${chainPrefix(owner)}${part}`
  return {
    guard: name('GUARD'),
    ports: name('PORTS'),
    leaving: name('LEAVING'),
    input: name('INPUT'),
    forward: name('FORWARD'),
    from: name('FROM'),
    to: name('TO'),
    others: name('OTHERS'),
  }
}

export function chainPrefix(owner: string): string {
  return `NETDOJO-${owner}-`
}

/** IPv6 is included when the kernel supports it and ip6tables is installed. */
export function families(): readonly Ipv[] {
  return existsSync('/proc/sys/net/ipv6') && isInstalled('ip6tables') ? [4, 6] : [4]
}

type Chain = Pick<Rule, 'ipv' | 'table' | 'chain'>

export function chainsOf(names: ChainNames): readonly Chain[] {
  return families().flatMap((ipv) => chainsFor(names, ipv))
}

function chainsFor(names: ChainNames, ipv: Ipv): readonly Chain[] {
  return [
    ...(ipv === 4 ? [{ ipv, table: 'raw' as const, chain: names.guard }] : []),
    { ipv, table: 'nat', chain: names.ports },
    { ipv, table: 'nat', chain: names.leaving },
    { ipv, table: 'filter', chain: names.input },
    { ipv, table: 'filter', chain: names.from },
    { ipv, table: 'filter', chain: names.to },
    { ipv, table: 'filter', chain: names.others },
    { ipv, table: 'filter', chain: names.forward },
  ]
}

/** The rules that all networks share. */
export function sharedRules(names: ChainNames): readonly Rule[] {
  return families().flatMap((ipv) => sharedFor(names, ipv))
}

function sharedFor(names: ChainNames, ipv: Ipv): readonly Rule[] {
  // Packets to ::1 never leave the host, even if a rule translates them.
  const notLoopback = ipv === 6 ? ['!', '-d', '::1/128'] : []
  const toPorts = [...notLoopback, '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', names.ports]
  return [
    ...(ipv === 4 ? guardRules(names) : []),
    { ipv, table: 'nat', chain: 'PREROUTING', words: toPorts },
    { ipv, table: 'nat', chain: 'OUTPUT', words: toPorts },
    { ipv, table: 'nat', chain: 'POSTROUTING', words: ['-j', names.leaving] },
    { ipv, table: 'filter', chain: names.forward, words: ['-j', names.from] },
    { ipv, table: 'filter', chain: names.forward, words: ['-j', names.to] },
    { ipv, table: 'filter', chain: names.forward, words: ['-j', names.others] },
    // Before the rules of other programs.
    { ipv, table: 'filter', chain: 'INPUT', words: ['-j', names.input], first: true },
    { ipv, table: 'filter', chain: 'FORWARD', words: ['-j', names.forward], first: true },
  ]
}

/** See the chain `guard` of nftables/table.ts: moby 45610. */
function guardRules(names: ChainNames): readonly Rule[] {
  return [
    { ipv: 4, table: 'raw', chain: names.guard, words: guardWords },
    { ipv: 4, table: 'raw', chain: 'PREROUTING', words: ['-j', names.guard] },
  ]
}

const guardWords = ['-d', '127.0.0.0/8', '!', '-i', 'lo', '-j', 'DROP']

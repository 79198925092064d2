// Parses what `iptables-save -c` prints, in either variant: the words of a rule stay as they were typed.
import type { Chain, FirewallRule } from './state.ts'

/** Returns all chains, also the built-in ones that are empty and have the policy ACCEPT. */
export function parseIptables(
  text: string,
  family: 'ip' | 'ip6',
  backend: 'iptables-nft' | 'iptables-legacy',
): readonly Chain[] {
  const chains = new Map<string, Chain & { rules: FirewallRule[] }>()
  let table = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1)
    const [, name = '', policy = '', decided] = /^:(\S+) (\S+)(?: \[(\d+):)?/.exec(line) ?? []
    if (name !== '') {
      const base =
        policy === '-'
          ? {}
          : {
              hook: name.toLowerCase(),
              policy: policy.toLowerCase(),
              ...(backend === 'iptables-legacy' ? { policyPackets: Number(decided) } : {}),
            }
      chains.set(`${table} ${name}`, { backend, family, table, name, ...base, rules: [] })
    }
    const [, packets, bytes, chain = '', rule = ''] =
      /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/.exec(line) ?? []
    chains
      .get(`${table} ${chain}`)
      ?.rules.push({ text: rule, packets: Number(packets), bytes: Number(bytes) })
  }
  return [...chains.values()]
}

/** A chain of iptables' own that has never been touched, or is as it was before. */
export function isUntouched({ backend, rules, policy }: Chain): boolean {
  return backend !== 'nft' && rules.length === 0 && policy === 'accept'
}

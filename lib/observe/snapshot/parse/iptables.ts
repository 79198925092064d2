// Chains and rules from `iptables-save -c`, in either variant: the words of a rule stay as the person typed them.
import type { Chain, FirewallRule } from '../snapshot.ts'

/** Empty chains of iptables' own names with the policy ACCEPT do nothing, and are left out. */
export function parseIptables(
  text: string,
  family: 'ip' | 'ip6',
  backend: 'iptables-nft' | 'iptables-legacy',
): readonly Chain[] {
  const chains = new Map<string, Chain & { rules: FirewallRule[] }>()
  let table = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1)
    const [, name = '', policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? []
    if (name !== '') {
      const base = policy === '-' ? {} : { hook: name.toLowerCase(), policy: policy.toLowerCase() }
      chains.set(`${table} ${name}`, { backend, family, table, name, ...base, rules: [] })
    }
    const [, packets, bytes, chain = '', rule = ''] =
      /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/.exec(line) ?? []
    chains
      .get(`${table} ${chain}`)
      ?.rules.push({ text: rule, packets: Number(packets), bytes: Number(bytes) })
  }
  return [...chains.values()].filter(({ rules, policy }) => rules.length > 0 || policy !== 'accept')
}

// Writes the sysctl lines of a node: only those that the kernel would not set by itself, in an order in which none undoes another.
import { shellQuote } from '../exec/shell-quote.ts'
import type { NodeState } from '../kernel/state/state.ts'

/** Writing these for `all` also writes them for each device and for `default`. */
const spread = new Set(['forwarding', 'disable_ipv6'])
/** Of the whole machine, and not of a namespace. */
const foreign = new Set(['net.netfilter.nf_conntrack_max'])

/** @param of the settings of the node, which stand before its devices, or those of its devices. */
export function sysctlLines(
  old: NodeState,
  node: NodeState,
  of: 'node' | 'device',
): readonly string[] {
  const changed = (name: string) => node.sysctls[name] !== old.sysctls[name]
  const wanted = Object.entries(node.sysctls).filter(([name]) => {
    if (foreign.has(name)) return false
    const [, family = '', device, setting = ''] =
      /^net\.(ipv[46])\.conf\.([^.]+)\.(\w+)$/.exec(name) ?? []
    const isOfNode = device === undefined || device === 'all' || device === 'default'
    if (isOfNode !== (of === 'node')) return false
    const [all, usual] = [
      `net.${family}.conf.all.${setting}`,
      `net.${family}.conf.default.${setting}`,
    ]
    const value = node.sysctls[name]
    if (device === undefined || device === 'all') return changed(name)
    if (device === 'default')
      return spread.has(setting) && changed(all) ? value !== node.sysctls[all] : changed(name)
    // A device that was there before follows `all`; a new one has been made like `default`.
    const isOld = old.sysctls[name] !== undefined
    if (isOld && !changed(all) && !changed(usual)) return changed(name)
    const expected = isOld && spread.has(setting) && changed(all) ? all : usual
    return value !== (node.sysctls[expected] ?? (setting === 'accept_dad' ? '1' : '0'))
  })
  const order = (name: string) => (name.includes('.all.') ? 0 : name.includes('.default.') ? 1 : 2)
  return wanted
    .toSorted(([one], [other]) => order(one) - order(other))
    .map(([name, value]) => within(node.name, `sysctl -qw ${shellQuote(`${name}=${value}`)}`))
}

/** The line on this node. */
export function within(node: string, line: string): string {
  return node === 'host' ? line : `ip netns exec ${shellQuote(node)} ${line}`
}

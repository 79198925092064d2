// Settings of the kernel that changed, and sockets that began or ceased to listen.
import type { NodeState } from '../../kernel/state/state.ts'
import { cameAndWent, type Change } from './collection.ts'

export function sysctlChanges(before: NodeState, after: NodeState): readonly Change[] {
  return Object.entries(after.sysctls).flatMap(([name, value]) => {
    const was = before.sysctls[name]
    if (was === undefined || was === value || isConsequence(name, before, after)) return []
    return [{ node: after.name, sign: '~' as const, text: `${name} ${was} -> ${value}` }]
  })
}

/** Writing `all` writes the same into every device and into `default`. */
function isConsequence(name: string, before: NodeState, after: NodeState): boolean {
  const [, family, setting] = /^net\.(ipv[46])\.conf\.[^.]+\.(\w+)$/.exec(name) ?? []
  const all = `net.${family}.conf.all.${setting}`
  if (all === name) return false
  return before.sysctls[all] !== after.sysctls[all] && after.sysctls[all] === after.sysctls[name]
}

export function listenerChanges(before: NodeState, after: NodeState): readonly Change[] {
  return cameAndWent(after.name, listenersOf(before), listenersOf(after))
}

/** A socket on `::` usually takes IPv4, too: both are every address. */
function listenersOf({ listeners }: NodeState): readonly string[] {
  return listeners.map(({ protocol, address, port }) =>
    address === '0.0.0.0' || address === '::'
      ? `listening socket ${protocol} port ${port}`
      : `listening socket ${protocol} ${address} port ${port}`,
  )
}

// Lists sysctls that changed, and sockets that started or stopped to listen.
import { message, verbatim, type Message } from '../../language/message.ts'
import type { NodeState } from '../../kernel/state/state.ts'
import { cameAndWent, change, type Change } from './collection.ts'

export function sysctlChanges(before: NodeState, after: NodeState): readonly Change[] {
  return Object.entries(after.sysctls).flatMap(([name, value]) => {
    const was = before.sysctls[name]
    if (was === undefined || was === value || isConsequence(name, before, after)) return []
    return [change(after.name, '~')(verbatim(`${name} ${was} -> ${value}`))]
  })
}

/** Writing to `all` also writes to every device and to `default`. */
function isConsequence(name: string, before: NodeState, after: NodeState): boolean {
  const [, family, setting] = /^net\.(ipv[46])\.conf\.[^.]+\.(\w+)$/.exec(name) ?? []
  const all = `net.${family}.conf.all.${setting}`
  if (all === name) return false
  return before.sysctls[all] !== after.sysctls[all] && after.sysctls[all] === after.sysctls[name]
}

export function listenerChanges(before: NodeState, after: NodeState): readonly Change[] {
  return cameAndWent(after.name, listenersOf(before), listenersOf(after))
}

/** `0.0.0.0` and `::` are every address: a socket on `::` usually takes IPv4, too. */
function listenersOf({ listeners }: NodeState): readonly Message[] {
  return listeners.map(({ protocol, address, port }) =>
    address === '0.0.0.0' || address === '::'
      ? message('listening socket {protocol} port {port}', { protocol, port })
      : message('listening socket {protocol} {address} port {port}', { protocol, address, port }),
  )
}

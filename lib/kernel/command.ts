// An operation as the command that a person would type: pasted into a shell, the commands of a plan do what the plan does.
import { ipLine } from './ip-line.ts'
import { iptablesProgram, iptablesWords } from './iptables-line.ts'
import { nftLines } from './nft-line.ts'
import type { Operation } from './operation.ts'
import { word } from './word.ts'

/** A namespace that `ip netns` knows by name. */
export const namedNamespace = /^\/(?:var\/)?run\/netns\/([^/]+)$/

/** One command an operation, to be typed as root. */
export function commandOf(operation: Operation): string {
  switch (operation.kind) {
    case 'set-sysctl':
      return `${inside(operation.netns)}sysctl -w ${word(operation.key)}=${word(operation.value)}`
    case 'create-element':
    case 'add-element':
    case 'remove-element':
    case 'remove-table':
      return `nft '${nftLines(operation).join('; ')}'`
    case 'create-table':
    case 'replace-table':
      return ["nft -f - <<'END'", ...nftLines(operation), 'END'].join('\n')
    case 'add-chain':
    case 'append-rule':
    case 'insert-rule':
    case 'remove-rule':
    case 'remove-chain':
      return [iptablesProgram(operation.ipv), '-t', operation.table, ...iptablesWords(operation)]
        .map((text) => (text === '!' ? "'!'" : text))
        .join(' ')
    case 'flush-connections':
      return ['conntrack', '-D', ...operation.filter].join(' ')
    default:
      return `${ipIn('netns' in operation ? operation.netns : undefined)} ${ipLine(operation)}`
  }
}

function ipIn(netns: string | undefined): string {
  if (netns === undefined) return 'ip'
  const name = namedNamespace.exec(netns)?.[1]
  return name === undefined ? `nsenter --net=${word(netns)} ip` : `ip -n ${word(name)}`
}

function inside(netns: string | undefined): string {
  if (netns === undefined) return ''
  const name = namedNamespace.exec(netns)?.[1]
  return name === undefined ? `nsenter --net=${word(netns)} ` : `ip netns exec ${word(name)} `
}

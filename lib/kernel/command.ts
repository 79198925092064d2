// Writes an operation as the command that a person would type: the commands of a plan, pasted into a root shell, do what the
// plan does.
import { namedNamespace, word, type Operation } from './operation.ts'
import { conntrackWords } from './programs/conntrack.ts'
import { isOwnOperation, ownKind } from './own-operations.ts'
import { isRuleOfIpv6 } from './plan.ts'
import { ipLine, ipProgram } from './programs/ip.ts'
import { iptablesProgram, iptablesWords } from './programs/iptables.ts'
import { nftLines } from './programs/nft.ts'
import { shellQuote } from '../exec/shell-quote.ts'

/** @throws NetdojoError `usage` for a value that is not one word. */
export function commandOf(operation: Operation): string {
  if (isOwnOperation(operation)) return ownKind(operation).command(operation.data)
  switch (operation.kind) {
    case 'set-sysctl':
      return `${inside(operation.netns)}sysctl -w ${word(operation.key)}=${word(operation.value)}`
    case 'create-element':
    case 'add-element':
    case 'remove-element':
    case 'remove-table':
      return `nft ${shellQuote(nftLines(operation).join('; '))}`
    case 'create-table':
    case 'replace-table':
      return ["nft -f - <<'END'", ...nftLines(operation), 'END'].join('\n')
    case 'add-chain':
    case 'append-rule':
    case 'insert-rule':
    case 'remove-rule':
    case 'remove-chain':
      return [iptablesProgram(operation.ipv), '-t', operation.table, ...iptablesWords(operation)]
        .map(shellQuote)
        .join(' ')
    case 'flush-connections':
      return ['conntrack', ...conntrackWords(operation)].join(' ')
    default:
      return `${programIn(ipProgram(operation), 'netns' in operation ? operation.netns : undefined)}${isRuleOfIpv6(operation) ? ' -6' : ''} ${ipLine(operation)}`
  }
}

/** `ip` and `bridge` enter a namespace by the same option. */
function programIn(program: string, netns: string | undefined): string {
  if (netns === undefined) return program
  const name = namedNamespace(netns)
  return name === undefined
    ? `nsenter --net=${word(netns)} ${program}`
    : `${program} -n ${word(name)}`
}

function inside(netns: string | undefined): string {
  if (netns === undefined) return ''
  const name = namedNamespace(netns)
  return name === undefined ? `nsenter --net=${word(netns)} ` : `ip netns exec ${word(name)} `
}

// Cuts a plan into batches: neighbours that one process can do together, in the plan's order.
import type { Operation } from './operation.ts'

export type Batch = {
  readonly tool: 'ip' | 'nft' | 'iptables' | 'ip6tables' | 'sysctl' | 'conntrack'
  readonly netns: string | undefined
  readonly operations: readonly Operation[]
}

export function batchesOf(plan: readonly Operation[]): readonly Batch[] {
  const batches: { tool: Batch['tool']; netns: string | undefined; operations: Operation[] }[] = []
  for (const operation of plan) {
    const tool = toolOf(operation)
    const netns = 'netns' in operation ? operation.netns : undefined
    const last = batches.at(-1)
    const fits = last?.tool === tool && last.netns === netns
    if (fits && !sysctlAfterLink(last.operations, operation)) last.operations.push(operation)
    else batches.push({ tool, netns, operations: [operation] })
  }
  return batches
}

/** The process that enters a namespace sets all its switches before the first line of `ip`. */
function sysctlAfterLink(before: readonly Operation[], operation: Operation): boolean {
  return operation.kind === 'set-sysctl' && before.at(-1)?.kind !== 'set-sysctl'
}

function toolOf(operation: Operation): Batch['tool'] {
  switch (operation.kind) {
    case 'set-sysctl':
      // Inside a namespace, the process that enters it for `ip` sets the switches first.
      return operation.netns === undefined ? 'sysctl' : 'ip'
    case 'create-element':
    case 'add-element':
    case 'remove-element':
    case 'create-table':
    case 'replace-table':
    case 'remove-table':
      return 'nft'
    case 'add-chain':
    case 'append-rule':
    case 'insert-rule':
    case 'remove-rule':
    case 'remove-chain':
      return operation.ipv === 4 ? 'iptables' : 'ip6tables'
    case 'flush-connections':
      return 'conntrack'
    default:
      return 'ip'
  }
}

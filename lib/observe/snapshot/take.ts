// Takes a snapshot of all nodes; a node that vanishes meanwhile is listed in `unread`.
import { readNodeStates } from '../../kernel/state/read.ts'
import type { NodeState } from '../../kernel/state/state.ts'
import { findNodes, type ObservedNode } from '../nodes.ts'
import { snapshotVersion, type Snapshot } from './snapshot.ts'

export async function takeSnapshot(
  nodes: readonly Pick<ObservedNode, 'name' | 'netns'>[] = findNodes(),
): Promise<Snapshot> {
  const { states, unread } = await readNodeStates(nodes, [
    'routes',
    'neighbours',
    'nft',
    'legacy',
    'connections',
    'listeners',
    'sysctls',
  ])
  return { version: snapshotVersion, nodes: states.map(lasting), unread }
}

/** Leaves out what changes by itself, and the routes that the kernel derives from the addresses. */
function lasting(state: NodeState): NodeState {
  return {
    ...state,
    routes: state.routes.filter(({ table }) => table !== 'local'),
    listeners: state.listeners
      .filter(({ remote }) => remote === undefined)
      .map(({ queued: _queued, limit: _limit, ...listener }) => listener),
  }
}

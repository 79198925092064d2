// Takes a snapshot of all nodes; a node that vanishes meanwhile is listed in `unread`.
import { StateReader } from '../../kernel/state/read.ts'
import type { NodeState } from '../../kernel/state/state.ts'
import { findNodes, type ObservedNode } from '../nodes.ts'
import { snapshotVersion, type Snapshot } from './snapshot.ts'

type Nodes = readonly Pick<ObservedNode, 'name' | 'netns'>[]

export function takeSnapshot(nodes: Nodes = findNodes()): Promise<Snapshot> {
  return snapshots()(nodes)
}

/** @returns a function that takes snapshots, and reads again only the nodes that are named; without names, all. */
export function snapshots() {
  const reader = new StateReader([
    'routes',
    'neighbours',
    'nft',
    'legacy',
    'connections',
    'listeners',
    'sysctls',
  ])
  return async (nodes: Nodes, changed?: ReadonlySet<string>): Promise<Snapshot> => {
    const { states, unread } = await reader.read(nodes, changed)
    return { version: snapshotVersion, nodes: states.map(lasting), unread }
  }
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

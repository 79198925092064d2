// Describes the network state of all nodes at one moment, as JSON that docs/snapshot.md documents.
import type { NodeState, Unread } from '../../kernel/state/state.ts'

/** Raised when a field changes its meaning; new fields may appear without it. */
export const snapshotVersion = 1

export type Snapshot = {
  readonly version: typeof snapshotVersion
  /** The host first, then the others by name. */
  readonly nodes: readonly NodeState[]
  /** What could not be read: the rest is there all the same. */
  readonly unread: readonly Unread[]
}

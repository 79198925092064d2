// Exports the public API of netdojo as a library; docs/library.md shows it in use.

export { openNetworks, type OpenNetworksOptions } from './network/open-networks.ts'
export type { Networks, ListOptions, RemoveOptions } from './network/networks.ts'
export type { ChangeOptions, Endpoint, Network } from './network/handles.ts'
export type { ConnectOptions, CreateNetworkOptions } from './network/requests.ts'
export type { EndpointRecord, NetworkRecord, PublishedPort } from './network/records.ts'
export type { ReconcileOptions, Reconciliation } from './network/reconcile.ts'
export type { UnheardListener } from './network/unheard-listeners.ts'

export { openContainers, type OpenContainersOptions } from './container/open-containers.ts'
export type { Containers } from './container/containers.ts'
export type { Container } from './container/handles.ts'
export type { ContainerNetwork, ContainerRecord } from './container/records.ts'
export type {
  ExecOptions,
  ContainerNetworkOptions,
  RunContainerOptions,
} from './container/requests.ts'
export type { ExecResult } from './container/exec.ts'
export type { RunOptions } from './container/run.ts'
export type { ContainerReconciliation } from './container/reconcile.ts'
export type { ContainerStep } from './container/context.ts'

// Every error is a NetdojoError. Its `code` is stable: programs may match on it.
export { NetdojoError, type ErrorCode } from './errors.ts'

// What a change does to the kernel, as data and as shell commands.
export { explain, type Plan } from './network/plan.ts'
export type { Operation } from './kernel/operation.ts'

// Alternatives to netlink (programs) and to the disk (networks that end with their process).
export { batchApplier } from './kernel/apply.ts'
export type { Applier, ApplyOptions } from './kernel/plan.ts'
export { openMemoryStore } from './store/memory.ts'
export type { Store } from './store/store.ts'

// Your own kind of network: `openNetworks({ drivers: [driver] })`.
export type {
  Attached,
  ChangedSysctl,
  DriverEndpoint,
  DriverNetwork,
  Findings,
  NetworkDriver,
  Step,
} from './driver/driver.ts'

// Exports the public API of netdojo as a library; docs/library.md shows it in use.

export { openNetworks, type OpenNetworksOptions } from './network/open-networks.ts'
export type {
  DisconnectOptions,
  EndpointName,
  ListOptions,
  FollowNetworksOptions,
  Networks,
  RemoveOptions,
} from './network/networks.ts'
export type { Endpoint, EndpointActions, Network, NetworkActions } from './network/handles.ts'
export type {
  AttachmentOptions,
  ChangeOptions,
  ConnectOptions,
  CreateNetworkOptions,
  EndpointsOptions,
  UpdateOptions,
} from './network/requests.ts'
export type { Difference } from './network/check.ts'
export type { ChangeDiagnostics } from './network/diagnostics.ts'
export type { NetworkEvent, NetworkEventContent, WatchOptions } from './network/events.ts'
export type { AddressOptions, AddressPool, Ipam, PoolOptions } from './network/ipam.ts'
export type { Lock } from './network/lock.ts'
export type { Attachment, EndpointRecord, NetworkRecord, PublishedPort } from './network/records.ts'
export type { ReconcileOptions, Reconciliation } from './network/reconcile.ts'
export type { UnheardListener } from './network/unheard-listeners.ts'

export { openContainers, type OpenContainersOptions } from './container/open-containers.ts'
export type { Containers, PlanEndOptions } from './container/containers.ts'
export type { Container, ContainerActions } from './container/handles.ts'
export type { ContainerNetwork, ContainerRecord } from './container/records.ts'
export type {
  ExecOptions,
  ContainerNetworkOptions,
  RunContainerOptions,
} from './container/requests.ts'
export type { ExecResult } from './container/exec.ts'
export type { RunOptions } from './container/run.ts'
export type { ContainerReconciliation, RecoveredContainer } from './container/reconcile.ts'
export type { ProcessToken } from './exec/processes.ts'
export type { ContainerStep } from './container/context.ts'

// Every error is a NetdojoError. Its `code` is stable: programs may match on it.
export { NetdojoError, type ErrorCode, type ErrorFields } from './errors.ts'

// What a change does to the kernel, as data and as shell commands.
export { explain, type Plan } from './network/plan.ts'
export type {
  FlushConnections,
  IptablesOperation,
  LinkOperation,
  NftOperation,
  Operation,
  OwnOperation,
  RemoteOperation,
  SysctlOperation,
} from './kernel/operation.ts'

// Alternatives to netlink (programs) and to the disk (networks that end with their process).
export { batchApplier } from './kernel/apply.ts'
export type { Applier, ApplyOptions } from './kernel/plan.ts'
// Networks over several machines: `openNetworks({ store: etcdStore({ endpoints }) })`.
export {
  etcdStore,
  type AnnounceOptions,
  type EtcdStoreOptions,
  type SharedStore,
} from './store/etcd/etcd.ts'
export type { EtcdTls } from './store/etcd/gateway.ts'
export type { HostOptions } from './network/cluster/membership.ts'
export { openMemoryStore, type MemoryStoreOptions } from './store/memory.ts'
export type { RawValue } from './store/run-transaction.ts'
export type { ReadTransaction, Store, Transaction, TransactionOptions } from './store/store.ts'

// Your own kind of network: `openNetworks({ drivers: [driver] })`.
export type {
  Attached,
  ChangedSysctl,
  CheckOptions,
  DriverEndpoint,
  DriverOption,
  DriverParts,
  DriverNetwork,
  Findings,
  NetworkDriver,
  Peer,
  PeerChange,
  Step,
} from './driver/driver.ts'
export type { OperationKind } from './kernel/own-operations.ts'
export type { Forward } from './firewall/firewall.ts'
export type { Protocol } from './address/port-mapping.ts'

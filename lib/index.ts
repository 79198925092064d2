// The public API of netdojo as a library: bridge networks that programs can rely on.
export { NetdojoError, type ErrorCode } from './errors.ts'
export { persistentApplier } from './kernel/persistent-applier.ts'
export type { Endpoint, Network } from './network/handles.ts'
export { openNetworks, type OpenOptions } from './network/open-networks.ts'

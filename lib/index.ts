// The public API of netdojo as a library: bridge networks that programs can rely on.
export { openNetworks } from './network/open-networks.ts'

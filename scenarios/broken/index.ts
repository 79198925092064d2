// Lists the broken networks, from easy to difficult. Each file is loaded only when it is needed.
import type { BrokenNetwork } from '../../lib/fix/index.ts'

type Load = () => Promise<{ readonly default: BrokenNetwork }>

export const brokenNetworks: Readonly<Record<string, Load>> = {
  'forwarding-off': () => import('./forwarding-off.ts'),
  'no-masquerade': () => import('./no-masquerade.ts'),
  'no-default-route': () => import('./no-default-route.ts'),
  'bridge-port': () => import('./bridge-port.ts'),
  'masquerade-wrong-interface': () => import('./masquerade-wrong-interface.ts'),
  'dnat-wrong-address': () => import('./dnat-wrong-address.ts'),
  'wrong-prefix': () => import('./wrong-prefix.ts'),
  'no-route-back': () => import('./no-route-back.ts'),
  'forward-drop': () => import('./forward-drop.ts'),
  'dnat-without-local': () => import('./dnat-without-local.ts'),
  'default-route-wrong-device': () => import('./default-route-wrong-device.ts'),
  'no-hairpin': () => import('./no-hairpin.ts'),
  'duplicate-address': () => import('./duplicate-address.ts'),
  'mtu-mismatch': () => import('./mtu-mismatch.ts'),
  'rp-filter': () => import('./rp-filter.ts'),
  'stale-conntrack': () => import('./stale-conntrack.ts'),
  'tunnel-port': () => import('./tunnel-port.ts'),
  'tunnel-number': () => import('./tunnel-number.ts'),
  'stale-entry': () => import('./stale-entry.ts'),
  'tunnel-mtu': () => import('./tunnel-mtu.ts'),
}

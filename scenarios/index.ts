// Lists the scenarios in teaching order. Each file is loaded only when its scenario is played or listed.
import type { Scenario } from '../lib/scenario/index.ts'

type Load = () => Promise<{ readonly default: Scenario }>

export const scenarios: Readonly<Record<string, Load>> = {
  'veth-pair': () => import('./veth-pair.ts'),
  bridge: () => import('./bridge.ts'),
  routes: () => import('./routes.ts'),
  masquerade: () => import('./masquerade.ts'),
  dnat: () => import('./dnat.ts'),
  'bridge-nat': () => import('./bridge-nat.ts'),
  'bitmap-ipam': () => import('./bitmap-ipam.ts'),
  'bridge-network': () => import('./bridge-network.ts'),
  'routes-between-hosts': () => import('./routes-between-hosts.ts'),
  vxlan: () => import('./vxlan.ts'),
  'overlay-network': () => import('./overlay-network.ts'),
}

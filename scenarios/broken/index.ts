// The broken networks, the easier ones first; each file is loaded only when it is needed.
import type { BrokenNetwork } from '../../lib/fix/index.ts'

type Load = () => Promise<{ readonly default: BrokenNetwork }>

export const brokenNetworks: Readonly<Record<string, Load>> = {
  'forwarding-off': () => import('./forwarding-off.ts'),
  'no-masquerade': () => import('./no-masquerade.ts'),
  'dnat-without-local': () => import('./dnat-without-local.ts'),
}

// Lists the wrong variants of the commands of each scenario that a learner can type, by the command as the scenario shows it.
import bitmapIpam from './bitmap-ipam.ts'
import bridgeNat from './bridge-nat.ts'
import bridgeNetwork from './bridge-network.ts'
import bridge from './bridge.ts'
import dnat from './dnat.ts'
import masquerade from './masquerade.ts'
import overlayNetwork from './overlay-network.ts'
import routesBetweenHosts from './routes-between-hosts.ts'
import routes from './routes.ts'
import vethPair from './veth-pair.ts'
import vxlan from './vxlan.ts'

export const variants: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'veth-pair': vethPair,
  bridge,
  routes,
  masquerade,
  dnat,
  'bridge-nat': bridgeNat,
  'bitmap-ipam': bitmapIpam,
  'bridge-network': bridgeNetwork,
  'routes-between-hosts': routesBetweenHosts,
  vxlan,
  'overlay-network': overlayNetwork,
}

// Joins the Chinese catalogues of the broken networks.
import type { Catalogue } from '../../catalogue.ts'
import forwardingOff from './forwarding-off.ts'
import noMasquerade from './no-masquerade.ts'
import noDefaultRoute from './no-default-route.ts'
import bridgePort from './bridge-port.ts'
import masqueradeWrongInterface from './masquerade-wrong-interface.ts'
import dnatWrongAddress from './dnat-wrong-address.ts'
import wrongPrefix from './wrong-prefix.ts'
import noRouteBack from './no-route-back.ts'
import forwardDrop from './forward-drop.ts'
import dnatWithoutLocal from './dnat-without-local.ts'
import defaultRouteWrongDevice from './default-route-wrong-device.ts'
import noHairpin from './no-hairpin.ts'
import duplicateAddress from './duplicate-address.ts'
import mtuMismatch from './mtu-mismatch.ts'
import rpFilter from './rp-filter.ts'
import staleConntrack from './stale-conntrack.ts'
import staleEntry from './stale-entry.ts'
import tunnelMtu from './tunnel-mtu.ts'
import tunnelNumber from './tunnel-number.ts'
import tunnelPort from './tunnel-port.ts'

const catalogue: Catalogue = {
  ...forwardingOff,
  ...noMasquerade,
  ...noDefaultRoute,
  ...bridgePort,
  ...masqueradeWrongInterface,
  ...dnatWrongAddress,
  ...wrongPrefix,
  ...noRouteBack,
  ...forwardDrop,
  ...dnatWithoutLocal,
  ...defaultRouteWrongDevice,
  ...noHairpin,
  ...duplicateAddress,
  ...mtuMismatch,
  ...rpFilter,
  ...staleConntrack,
  ...tunnelPort,
  ...tunnelNumber,
  ...staleEntry,
  ...tunnelMtu,
}

export default catalogue

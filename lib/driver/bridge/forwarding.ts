// Plans how this host begins to forward packets for our networks and how it stops: it never becomes a router between its other
// interfaces, and it keeps the default route that a router advertised to it.
import { engineInterfaces, linkGroup } from '../../firewall/firewall.ts'
import type { Host } from '../../kernel/read.ts'
import { readSysctl } from '../../kernel/sysctl.ts'
import type { ChangedSysctl, DriverNetwork, Step } from '../driver.ts'
import { hasFamily, type BridgeContext, type HostForwarding } from './context.ts'

type Family = 4 | 6

const forwardingKeys = {
  4: 'net/ipv4/ip_forward',
  6: 'net/ipv6/conf/all/forwarding',
} as const

export function readForwarding(
  changed: readonly ChangedSysctl[],
  links: Host['links'],
): HostForwarding {
  const on = ([4, 6] as const).filter((family) => readSysctl(forwardingKeys[family]) === '1')
  return { on, changed, links }
}

/** Families that only our networks may use. A plan for `network` is about to add its own. */
export function guardedFamilies(
  { host }: BridgeContext,
  networks: readonly DriverNetwork[] = [],
): readonly Family[] {
  return ([4, 6] as const).filter(
    (family) =>
      isOurs(host, family) ||
      (!host.on.includes(family) && networks.some((network) => uses(network, family))),
  )
}

/** The rules first, then what the host must keep, then forwarding itself: packets are never forwarded without the rules. */
export function startForwarding(
  context: BridgeContext,
  networks: readonly DriverNetwork[],
): readonly Step[] {
  const { host, firewall } = context
  const needed = ([4, 6] as const).filter((family) => networks.some((each) => uses(each, family)))
  const off = needed.filter((family) => !host.on.includes(family))
  const guarded = off.filter((family) => !isOurs(host, family))
  const keepsRouter = needed.includes(6) && (off.includes(6) || isOurs(host, 6))
  return [
    {
      title: 'Forward only packets of our networks: this host forwarded none before',
      operations: firewall.guard(guarded),
    },
    {
      title: 'Keep accepting router advertisements, which a host that forwards ignores otherwise',
      operations: (keepsRouter ? routerInterfaces(host.links) : []).map((name) => ({
        kind: 'set-sysctl' as const,
        key: `net/ipv6/conf/${name}/accept_ra`,
        value: '2',
        before: '1',
      })),
    },
    {
      title: 'Switch forwarding on',
      operations: off.map((family) => ({
        kind: 'set-sysctl' as const,
        key: forwardingKeys[family],
        value: '1',
        before: '0',
      })),
    },
  ]
}

/**
 * Steps before the removal of the network: with the last network of a family, the host is as it was. When a container engine or
 * another netdojo needs forwarding by now, it stays on, and only the records of it go.
 */
export function stopForwarding(
  { host, firewall, label }: BridgeContext,
  network: DriverNetwork,
  others: readonly DriverNetwork[],
): readonly Step[] {
  const ended = ([4, 6] as const).filter(
    (family) =>
      isOurs(host, family) && uses(network, family) && !others.some((other) => uses(other, family)),
  )
  const familyOf = ({ key }: ChangedSysctl) => (key === forwardingKeys[4] ? 4 : 6)
  const isEnded = (sysctl: ChangedSysctl) => ended.includes(familyOf(sysctl))
  const shared = ended.filter((family) =>
    host.links.some((link) => needsForwarding(link, label, family)),
  )
  // Forwarding was switched on last, and is switched off first.
  const changed = host.changed
    .filter(isEnded)
    .toSorted((a, b) => Number(a.key.endsWith('/accept_ra')) - Number(b.key.endsWith('/accept_ra')))
  return [
    {
      title:
        shared.length > 0
          ? 'Leave forwarding on for other networks of this host'
          : 'Put back what the sysctls of this host were',
      operations: changed.map((sysctl) => ({
        kind: 'set-sysctl' as const,
        key: sysctl.key,
        value: shared.includes(familyOf(sysctl)) ? sysctl.value : sysctl.before,
        before: sysctl.value,
      })),
    },
    {
      title: 'Forward as before our networks',
      // The last network takes the whole table with it.
      operations: others.length === 0 ? [] : firewall.unguard(ended),
    },
  ]
}

/** Whether we switched the family on, and nobody switched it off since. */
function isOurs({ changed }: HostForwarding, family: Family): boolean {
  return changed.some(({ key }) => key === forwardingKeys[family])
}

function uses(network: DriverNetwork, family: Family): boolean {
  return !network.internal && hasFamily(network, family)
}

type Link = Host['links'][number]

/**
 * The interfaces by which this host may have a router. With forwarding, 1 means "ignore router advertisements", and the kernel
 * removes their default routes at once; 2 means "accept them all the same" (ip-sysctl, accept_ra; moby 43466). An interface that
 * is down may be up later.
 */
function routerInterfaces(links: readonly Link[]): readonly string[] {
  return links
    .filter(({ loopback, master, group }) => !loopback && !master && group !== String(linkGroup))
    .map(({ name }) => name)
    .filter((name) => !isOfEngine(name) && readSysctl(`net/ipv6/conf/${name}/accept_ra`) === '1')
}

function needsForwarding(
  { name, group, alias, addresses }: Link,
  label: string,
  family: Family,
): boolean {
  if (!addresses.some((address) => address.family === family && address.scope === 'global'))
    return false
  const isOtherNetdojo =
    group === String(linkGroup) && alias !== undefined && !alias.startsWith(`${label}/`)
  // Docker's bridges are br- and 12 digits; br- alone may be anybody's.
  const isEngine = name.startsWith('br-') ? /^br-[0-9a-f]{12}$/.test(name) : isOfEngine(name)
  return isOtherNetdojo || isEngine
}

function isOfEngine(name: string): boolean {
  return engineInterfaces.some((beginning) => name.startsWith(beginning))
}

// Checks the network of this host for `doctor`: the settings, rules and routes that would get in the way of container networks.
import { readFileSync, readdirSync } from 'node:fs'
import { Subnet } from '../../../address/subnet.ts'
import { NetdojoError, commandFor } from '../../../errors.ts'
import { linkGroup } from '../../../firewall/firewall.ts'
import { readNodeStates } from '../../../kernel/state/read.ts'
import type { Chain, NodeState } from '../../../kernel/state/state.ts'
import { readRecords } from '../../../network/read-records.ts'
import { findUnheardListeners } from '../../../network/unheard-listeners.ts'
import { stateDirectory } from '../../shared/state-directory.ts'
import { finding, type Finding } from './machine.ts'

export async function network(inSandbox: boolean): Promise<readonly Finding[]> {
  if (process.platform !== 'linux') return []
  // Without a namespace: an ordinary user must not even enter the own one.
  const parts = ['routes', 'nft', 'legacy', 'sysctls'] as const
  const { states, unread } = await readNodeStates([{ name: 'this host' }], parts)
  const [host] = states
  if (!host) {
    const reason = unread.map((part) => part.reason).join('; ')
    return [finding('network', 'unknown', 'network', `cannot be read: ${reason}`)]
  }
  const hidden = unread.some(({ what }) => what === 'nft')
  return [
    forwarding(host),
    ...(hidden ? [unreadable('forward policy')] : policies(host, 'forward')),
    ...(hidden ? [] : policies(host, 'input')),
    ...managers(inSandbox),
    reversePathFilter(host),
    bridgedFrames(host),
    ...overlappingRoutes(host),
    ...routerAdvertisements(host),
    ...(await unheardListeners()),
  ]
}

function forwarding({ sysctls, sets, chains }: NodeState): Finding {
  if (sysctls['net.ipv4.conf.all.forwarding'] === '1') {
    const isGuarded =
      sets.some(
        ({ name, elements }) => name === 'guarded' && elements.some(({ key }) => key[0] === 'ip'),
      ) ||
      chains.some(
        ({ name, family, rules }) =>
          /^NETDOJO-.*-OTHERS$/.test(name) && family === 'ip' && rules.length > 0,
      )
    return finding(
      'network',
      'ok',
      'forwarding',
      isGuarded ? 'on, only for the networks of netdojo, which switched it on' : 'on',
    )
  }
  return finding(
    'network',
    'note',
    'forwarding',
    'off: this host forwards no packets to or from containers',
    'creating a network turns it on; by hand: sysctl -w net.ipv4.ip_forward=1',
  )
}

function unreadable(name: string): Finding {
  return finding(
    'network',
    'unknown',
    name,
    'only root can read the rules',
    `sudo ${commandFor.doctor}`,
  )
}

/** A policy of FORWARD keeps containers from everything; one of INPUT keeps them from this host, and from ports that it publishes. */
function policies({ chains, links }: NodeState, hook: 'forward' | 'input'): readonly Finding[] {
  const name = `${hook} policy`
  const dropping = chains.filter((chain) => chain.hook === hook && chain.policy === 'drop')
  if (dropping.length === 0)
    return [finding('network', 'ok', name, `no ${hook} chain has the policy DROP`)]
  const docker = links.some((link) => link.name === 'docker0')
  return dropping.map((chain) => {
    const where = `DROP in ${titleOf(chain)}; a rule in another table cannot override it`
    if (hook === 'input')
      return finding(
        'network',
        'note',
        name,
        where,
        'containers reach this host only where a rule of this chain accepts their packets',
      )
    return finding(
      'network',
      'fault',
      name,
      where,
      docker
        ? 'Docker set this policy; netdojo accepts its networks in the chain DOCKER-USER'
        : 'iptables -P FORWARD ACCEPT, or add accept rules to this chain',
    )
  })
}

/** The chains of iptables-nft are chains of nft, too; the legacy variant has tables of its own. */
function titleOf({ backend, family, table, name }: Chain): string {
  if (backend !== 'iptables-legacy') return `${family} ${table} ${name}`
  return `${family === 'ip6' ? 'ip6tables' : 'iptables'}-legacy ${table} ${name}`
}

/** Programs that manage the firewall: their next reload may remove rules of others. */
function managers(inSandbox: boolean): readonly Finding[] {
  // The managers of the machine do not manage a sandbox's network.
  if (inSandbox) return []
  return [
    ...(isRunning('firewalld')
      ? [
          finding(
            'network',
            'note',
            'firewalld',
            'running; it drops packets from interfaces without a zone',
            'firewall-cmd --zone=trusted --add-interface=nd-NETWORK',
          ),
        ]
      : []),
    ...(/^ENABLED=yes/m.test(read('/etc/ufw/ufw.conf'))
      ? [
          finding(
            'network',
            'note',
            'ufw',
            'enabled; it drops forwarded packets by default',
            'ufw default allow routed, or ufw route allow in on nd-NETWORK',
          ),
        ]
      : []),
  ]
}

function reversePathFilter({ links, sysctls }: NodeState): Finding {
  const all = Number(sysctls['net.ipv4.conf.all.rp_filter'])
  const strict = links
    .filter(({ loopback }) => loopback !== true)
    .map(({ name }) => name)
    // ip-sysctl: the greater of the two counts.
    .filter((link) => Math.max(all, Number(sysctls[rpFilterOf(link)])) === 1)
  if (strict.length === 0) return finding('network', 'ok', 'rp_filter', 'not strict')
  return finding(
    'network',
    'note',
    'rp_filter',
    `strict on ${listed(strict)}: drops a packet if the reply would leave through another interface`,
    'for asymmetric routes: sysctl -w net.ipv4.conf.all.rp_filter=2',
  )
}

/** As sysctl(8) names it. */
function rpFilterOf(link: string): string {
  return `net.ipv4.conf.${link.replaceAll('.', '/')}.rp_filter`
}

/** With forwarding, accept_ra=1 means that the advertisements of routers are ignored (ip-sysctl). */
function routerAdvertisements({ links, routes, sysctls }: NodeState): readonly Finding[] {
  const defaults = routes.filter(
    ({ family, to, table }) => family === 6 && to === 'default' && table === 'main',
  )
  const advertised = defaults.filter(({ protocol }) => protocol === 'ra')
  if (sysctls['net.ipv6.conf.all.forwarding'] !== '1') {
    if (advertised.length === 0) return []
    const names = listed([...new Set(advertised.map(({ link = '?' }) => link))])
    const observed = `a router gives this host its IPv6 default route by ${names}; an IPv6 network sets accept_ra=2 there and keeps the route`
    return [finding('network', 'ok', 'accept_ra', observed)]
  }
  const deaf = links
    .filter(({ loopback, master, group, up }) => up && !loopback && !master && group !== ours)
    .map(({ name }) => name)
    .filter((name) => sysctls[acceptRaOf(name)] === '1')
  // A default route that was set by hand needs no advertisement.
  if (deaf.length === 0 || defaults.length > advertised.length) return []
  return [
    finding(
      'network',
      'note',
      'accept_ra',
      `1 on ${listed(deaf)}: this host forwards IPv6, so it ignores the routers that advertise themselves there`,
      `if a router gives this host its default route: sysctl -w ${acceptRaOf(deaf[0] ?? '')}=2`,
    ),
  ]
}

const ours = String(linkGroup)

function acceptRaOf(link: string): string {
  return `net.ipv6.conf.${link.replaceAll('.', '/')}.accept_ra`
}

/** Only root can read which ports are published. */
async function unheardListeners(): Promise<readonly Finding[]> {
  try {
    const { endpoints } = await readRecords(stateDirectory())
    const unheard = await findUnheardListeners(endpoints)
    return unheard.map(({ message }) =>
      finding(
        'network',
        'fault',
        'published ports',
        message,
        'stop the program, or disconnect the container and publish another port',
      ),
    )
  } catch (error) {
    if (error instanceof NetdojoError) return []
    throw error
  }
}

function bridgedFrames({ sysctls }: NodeState): Finding {
  const on = ['iptables', 'ip6tables'].filter(
    (name) => sysctls[`net.bridge.bridge-nf-call-${name}`] === '1',
  )
  if (on.length === 0)
    return finding('network', 'ok', 'bridge-nf-call', 'off: iptables does not see bridged frames')
  return finding(
    'network',
    'note',
    'bridge-nf-call',
    `on (${on.join(', ')}): the FORWARD rules also apply to frames within one bridge`,
    'to exempt these frames: sysctl -w net.bridge.bridge-nf-call-iptables=0',
  )
}

/** Where two routes overlap, the longer prefix wins, and part of the other network is unreachable. */
function overlappingRoutes({ routes: all }: NodeState): readonly Finding[] {
  const routes = all.flatMap(({ to, link, family, table, type }) =>
    family === 4 && table === 'main' && type === 'unicast' && link !== undefined && to.includes('/')
      ? [{ subnet: Subnet.parse(to), link }]
      : [],
  )
  const pairs = routes.flatMap((one, index) =>
    routes
      .slice(index + 1)
      // A VPN routes half of all addresses each (0.0.0.0/1): every other route is an exception to that.
      .filter((other) => Math.min(one.subnet.prefixLength, other.subnet.prefixLength) >= 8)
      .filter((other) => other.link !== one.link && other.subnet.overlaps(one.subnet))
      .map((other) => [one, other] as const),
  )
  if (pairs.length === 0) return [finding('network', 'ok', 'routes', 'no routes overlap')]
  return pairs.map(([one, other]) =>
    finding(
      'network',
      'fault',
      'routes',
      `${one.subnet} (${one.link}) and ${other.subnet} (${other.link}) overlap`,
      'give one of the networks another subnet; a VPN often causes this',
    ),
  )
}

function listed(names: readonly string[]): string {
  return names.length > 4
    ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
    : names.join(', ')
}

function isRunning(program: string): boolean {
  return entries('/proc').some(
    (pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/comm`).trim() === program,
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

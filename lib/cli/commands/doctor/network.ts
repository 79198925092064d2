// Checks the network of this host for `doctor`: the settings, rules and routes that would get in the way of container networks.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Subnet } from '../../../address/subnet.ts'
import { run } from '../../../exec/run.ts'
import { isInstalled } from '../../../exec/search-path.ts'
import { readHost } from '../../../kernel/read.ts'
import { finding, type Finding } from './machine.ts'

export async function network(inSandbox: boolean): Promise<readonly Finding[]> {
  if (process.platform !== 'linux') return []
  return [
    forwarding(),
    ...(await forwardPolicies()),
    ...managers(inSandbox),
    reversePathFilter(),
    bridgedFrames(),
    ...(await overlappingRoutes()),
  ]
}

function forwarding(): Finding {
  if (sysctl('net/ipv4/ip_forward') === '1') return finding('network', 'ok', 'forwarding', 'on')
  return finding(
    'network',
    'note',
    'forwarding',
    'off: this host forwards no packets to or from containers',
    'creating a network turns it on; by hand: sysctl -w net.ipv4.ip_forward=1',
  )
}

/** The chains of iptables-nft are chains of nft, too; the legacy variant has tables of its own. */
async function forwardPolicies(): Promise<readonly Finding[]> {
  const name = 'forward policy'
  const nft = isInstalled('nft')
    ? await run('nft', ['-j', 'list', 'chains'], { allowFailure: true })
    : undefined
  if (nft === undefined || nft.exitCode !== 0)
    return [
      finding('network', 'unknown', name, 'only root can read the rules', 'sudo npm run doctor'),
    ]
  const chains = chainsOf(nft.stdout).filter(({ hook }) => hook === 'forward')
  const dropping = chains
    .filter(({ policy }) => policy === 'drop')
    .map(({ family, table, name }) => `${family} ${table} ${name}`)
  if (await legacyDrops()) dropping.push('iptables-legacy filter FORWARD')
  if (dropping.length === 0)
    return [finding('network', 'ok', name, 'no forward chain has the policy DROP')]
  const docker = existsSync('/proc/sys/net/ipv4/conf/docker0')
  return dropping.map((chain) =>
    finding(
      'network',
      'fault',
      name,
      `DROP in ${chain}; a rule in another table cannot override it`,
      docker
        ? 'Docker set this policy; netdojo accepts its networks in the chain DOCKER-USER'
        : 'iptables -P FORWARD ACCEPT, or add accept rules to this chain',
    ),
  )
}

type Chain = { family: string; table: string; name: string; hook?: string; policy?: string }

function chainsOf(json: string): readonly Chain[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libnftables-json(5)
  const { nftables } = JSON.parse(json) as { nftables: readonly { chain?: Chain }[] }
  return nftables.flatMap(({ chain }) => chain ?? [])
}

/** Asks only if the table exists: iptables-legacy -S would create it. */
async function legacyDrops(): Promise<boolean> {
  if (!read('/proc/net/ip_tables_names').includes('filter') || !isInstalled('iptables-legacy'))
    return false
  const { stdout } = await run('iptables-legacy', ['-S', 'FORWARD'], { allowFailure: true })
  return stdout.startsWith('-P FORWARD DROP')
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

function reversePathFilter(): Finding {
  const all = Number(sysctl('net/ipv4/conf/all/rp_filter'))
  const strict = entries('/proc/sys/net/ipv4/conf').filter(
    (link) =>
      !['all', 'default', 'lo'].includes(link) &&
      // ip-sysctl: the greater of the two counts.
      Math.max(all, Number(sysctl(`net/ipv4/conf/${link}/rp_filter`))) === 1,
  )
  if (strict.length === 0) return finding('network', 'ok', 'rp_filter', 'not strict')
  return finding(
    'network',
    'note',
    'rp_filter',
    `strict on ${listed(strict)}: drops a packet if the reply would leave through another interface`,
    'for asymmetric routes: sysctl -w net.ipv4.conf.all.rp_filter=2',
  )
}

function bridgedFrames(): Finding {
  const on = ['iptables', 'ip6tables'].filter(
    (name) => sysctl(`net/bridge/bridge-nf-call-${name}`) === '1',
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
async function overlappingRoutes(): Promise<readonly Finding[]> {
  const { routes: all } = await readHost()
  const routes = all.flatMap(({ to, link, family, table, type }) =>
    family === 4 && table === 'main' && type === 'unicast' && link !== undefined && to.includes('/')
      ? [{ subnet: Subnet.parse(to), link }]
      : [],
  )
  const pairs = routes.flatMap((one, index) =>
    routes
      .slice(index + 1)
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

function sysctl(name: string): string {
  return read(`/proc/sys/${name}`).trim()
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

// What in the network that we are in would get in the way of container networks: read, and nothing changed.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Subnet } from '../../../address/subnet.ts'
import { run } from '../../../exec/run.ts'
import { isInstalled } from '../../../exec/search-path.ts'
import { readRoutes } from '../../../kernel/read.ts'
import { type Finding, fault, note, ok, unknown } from './machine.ts'

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
  if (setting('net/ipv4/ip_forward') === '1') return ok('network', 'forwarding', 'on')
  return note(
    'network',
    'forwarding',
    'off: nothing passes through this host to or from a container',
    'sysctl -w net.ipv4.ip_forward=1; creating a network does so',
  )
}

/** iptables-nft's chains are among those of nft; the legacy variant's are in tables of their own. */
async function forwardPolicies(): Promise<readonly Finding[]> {
  const name = 'forward policy'
  const nft = isInstalled('nft')
    ? await run('nft', ['-j', 'list', 'chains'], { allowFailure: true })
    : undefined
  if (nft === undefined || nft.exitCode !== 0)
    return [unknown('network', name, 'the rules can be read by root only', 'sudo npm run doctor')]
  const chains = chainsOf(nft.stdout).filter(({ hook }) => hook === 'forward')
  const dropping = chains
    .filter(({ policy }) => policy === 'drop')
    .map(({ family, table, name }) => `${family} ${table} ${name}`)
  if (await legacyDrops()) dropping.push('iptables-legacy filter FORWARD')
  if (dropping.length === 0) return [ok('network', name, 'no chain drops by default')]
  const docker = existsSync('/proc/sys/net/ipv4/conf/docker0')
  return dropping.map((chain) =>
    fault(
      'network',
      name,
      `DROP in ${chain}: an accept in another table cannot overrule it`,
      docker
        ? 'Docker set it; what DOCKER-USER accepts passes, and our networks are accepted there'
        : 'iptables -P FORWARD ACCEPT, or accept there what shall pass',
    ),
  )
}

type Chain = { family: string; table: string; name: string; hook?: string; policy?: string }

function chainsOf(json: string): readonly Chain[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libnftables-json(5)
  const { nftables } = JSON.parse(json) as { nftables: readonly { chain?: Chain }[] }
  return nftables.flatMap(({ chain }) => chain ?? [])
}

/** Asked only where the table is there: the question itself would make it. */
async function legacyDrops(): Promise<boolean> {
  if (!read('/proc/net/ip_tables_names').includes('filter') || !isInstalled('iptables-legacy'))
    return false
  const { stdout } = await run('iptables-legacy', ['-S', 'FORWARD'], { allowFailure: true })
  return stdout.startsWith('-P FORWARD DROP')
}

/** Programs that own the firewall: their next reload may take away what they did not make. */
function managers(inSandbox: boolean): readonly Finding[] {
  // Those of the machine have no say in a sandbox's network.
  if (inSandbox) return []
  return [
    ...(isRunning('firewalld')
      ? [
          note(
            'network',
            'firewalld',
            'it is running, and drops what comes from interfaces that it does not know',
            'firewall-cmd --zone=trusted --add-interface=nd-NETWORK',
          ),
        ]
      : []),
    ...(/^ENABLED=yes/m.test(read('/etc/ufw/ufw.conf'))
      ? [
          note(
            'network',
            'ufw',
            'it is enabled, and drops what is forwarded unless told otherwise',
            'ufw default allow routed, or ufw route allow in on nd-NETWORK',
          ),
        ]
      : []),
  ]
}

function reversePathFilter(): Finding {
  const all = Number(setting('net/ipv4/conf/all/rp_filter'))
  const strict = entries('/proc/sys/net/ipv4/conf').filter(
    (link) =>
      !['all', 'default', 'lo'].includes(link) &&
      // ip-sysctl: the greater of the two counts.
      Math.max(all, Number(setting(`net/ipv4/conf/${link}/rp_filter`))) === 1,
  )
  if (strict.length === 0) return ok('network', 'rp_filter', 'not strict')
  return note(
    'network',
    'rp_filter',
    `strict on ${listed(strict)}: a packet is dropped when the way back would leave by another interface`,
    'only where ways differ: sysctl -w net.ipv4.conf.all.rp_filter=2',
  )
}

function bridgedFrames(): Finding {
  const on = ['iptables', 'ip6tables'].filter(
    (name) => setting(`net/bridge/bridge-nf-call-${name}`) === '1',
  )
  if (on.length === 0)
    return ok('network', 'bridge-nf-call', 'off: bridged frames pass no rules of iptables')
  return note(
    'network',
    'bridge-nf-call',
    `on (${on.join(', ')}): frames within one bridge pass the rules of FORWARD, too`,
    'to leave them alone: sysctl -w net.bridge.bridge-nf-call-iptables=0',
  )
}

/** Two ways to one address: the longer prefix wins, and some of the other network is out of reach. */
async function overlappingRoutes(): Promise<readonly Finding[]> {
  if (!isInstalled('ip')) return []
  const routes = (await readRoutes()).flatMap(({ to, link, family }) =>
    family === 4 && to !== 'default' && link !== undefined && to.includes('/')
      ? [{ subnet: Subnet.parse(to), link }]
      : [],
  )
  const pairs = routes.flatMap((one, index) =>
    routes
      .slice(index + 1)
      .filter((other) => other.link !== one.link && other.subnet.overlaps(one.subnet))
      .map((other) => [one, other] as const),
  )
  if (pairs.length === 0) return [ok('network', 'routes', 'none overlaps another')]
  return pairs.map(([one, other]) =>
    fault(
      'network',
      'routes',
      `${one.subnet} by ${one.link} and ${other.subnet} by ${other.link} overlap`,
      'a VPN, or two networks with one address range? Give one of them another subnet',
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

function setting(name: string): string {
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

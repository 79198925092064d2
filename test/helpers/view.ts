// Describes a bridge network in the words of docs/three-views.md, independent of how it was built: its kernel objects and its connectivity.
import { readFileSync } from 'node:fs'
import { ask, serve } from './talk.ts'
import { sh } from './sandbox.ts'

export type Built = {
  readonly bridge: string
  /** Paths of the two containers' network namespaces; port 80 of the host leads to port 80 of the first. */
  readonly containers: readonly [string, string]
}

/** Aspect and value. */
export type View = ReadonlyMap<string, string>

const outside = '/run/netns/outside'
const host = undefined
const hostAddress = '203.0.113.2'

export async function viewOf({ bridge, containers }: Built): Promise<View> {
  const [first, second] = containers
  await using server = await serve(first, 'first', 80)
  await using internet = await serve(outside, 'internet', 7000)
  if (!server.process.pid || !internet.process.pid) throw new Error('a server did not start')
  const port = (from: string | undefined, address: string) => answer(ask(from, address, 80))
  return new Map([
    ['bridge', bridgeOf(bridge)],
    ['bridge: addresses', addressesOf(host, bridge)],
    ['bridge: MAC', macOf(bridge)],
    ['bridge: its ports', portsOf(bridge)],
    ['bridge: IPv6', switchOf(`net/ipv6/conf/${bridge}/disable_ipv6`, 'on', 'off')],
    [
      'bridge: packets from 127.0.0.1',
      switchOf(`net/ipv4/conf/${bridge}/route_localnet`, 'stay', 'pass'),
    ],
    ['host: forwarding', switchOf('net/ipv4/ip_forward', 'off', 'on')],
    ['host: policy of FORWARD', policyOf()],
    ['container: interface', interfaceOf(first)],
    ['container: addresses', addressesOf(first, 'eth0')],
    ['container: routes', inside(first, 'ip route show').trim().replaceAll(/\s*\n/g, '; ')],
    ['container: localhost', addressesOf(first, 'lo')],
    ['to the neighbour', answer(ask(second, '172.18.0.2', 80))],
    ['to the Internet', answer(ask(first, '198.51.100.1', 7000))],
    ['port 80 from outside', port(outside, hostAddress)],
    ['port 80 from the host', port(host, hostAddress)],
    ['port 80 from localhost', port(host, '127.0.0.1')],
    ['port 80 from the container itself', port(first, hostAddress)],
    ['port 80 from its neighbour', port(second, hostAddress)],
    ['the container’s own address, from outside', answer(viaRoute())],
  ])
}

/** A neighbour of the host that routes 172.18.0.0/24 through it. */
function viaRoute(): string | undefined {
  sh('ip -n outside route add 172.18.0.0/24 via 203.0.113.2')
  try {
    return ask(outside, '172.18.0.2', 80)
  } finally {
    sh('ip -n outside route delete 172.18.0.0/24')
  }
}

function answer(answered: string | undefined): string {
  return (
    answered?.replace(/^\S+ sees /, 'answers, sees ').replace('ECONNREFUSED', 'refused') ??
    'no answer'
  )
}

function bridgeOf(name: string): string {
  const [link] = read<{
    mtu: number
    flags: string[]
    linkinfo: { info_data: { stp_state: number } }
  }>(`ip -j -d link show ${name}`)
  const isUp = link?.flags.includes('UP') ? 'up' : 'down'
  return `${isUp}, MTU ${link?.mtu}, STP ${link?.linkinfo.info_data.stp_state ? 'on' : 'off'}`
}

/** sysfs-class-net: 3 means that user space set the address; otherwise the bridge takes the address of a port. */
function macOf(name: string): string {
  const how = readFileSync(`/sys/class/net/${name}/addr_assign_type`, 'utf8').trim()
  return how === '3' ? 'its own' : 'follows its ports'
}

type Port = { readonly hairpin: boolean; readonly isolated: boolean; readonly learning: boolean }

function portsOf(bridge: string): string {
  const ports = read<Port & { master?: string }>('bridge -j -d link show').filter(
    ({ master }) => master === bridge,
  )
  const words = ports.map(({ hairpin, isolated }) =>
    [`hairpin ${hairpin ? 'on' : 'off'}`, ...(isolated ? ['isolated'] : [])].join(', '),
  )
  return `${ports.length}, ${[...new Set(words)].join('; ')}`
}

type Interface = {
  readonly ifname: string
  readonly mtu: number
  readonly address: string
  readonly linkinfo?: { readonly info_kind?: string }
}

function interfaceOf(netns: string): string {
  const [link] = read<Interface>('ip -j -d link show eth0', netns)
  // Docker makes a MAC from 02:42 and the address, so neighbour entries stay valid.
  const mac = link?.address.startsWith('02:42:') ? 'MAC from the address' : 'MAC of its own'
  return `${link?.ifname}, ${link?.linkinfo?.info_kind}, MTU ${link?.mtu}, ${mac}`
}

type Address = { readonly local: string; readonly prefixlen: number; readonly scope: string }

function addressesOf(netns: string | undefined, link: string): string {
  const [found] = read<{ addr_info: Address[] }>(`ip -j address show ${link}`, netns)
  const addresses = found?.addr_info.map(({ local, prefixlen, scope }) =>
    scope === 'link' && local.includes(':') ? 'fe80::/64' : `${local}/${prefixlen}`,
  )
  return addresses?.join(', ') || 'none'
}

function policyOf(): string {
  const rules = sh('iptables -w -S FORWARD 2>/dev/null || true')
  return /^-P FORWARD (\w+)/m.exec(rules)?.[1] ?? 'ACCEPT'
}

function switchOf(key: string, whenOff: string, whenOn: string): string {
  return readFileSync(`/proc/sys/${key}`, 'utf8').trim() === '0' ? whenOff : whenOn
}

function inside(netns: string | undefined, line: string): string {
  return sh(netns === undefined ? line : `nsenter --net=${netns} ${line}`)
}

/** `ip -j` and `bridge -j` print a list; the caller names the type of its items. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- see above
function read<Row>(line: string, netns?: string): readonly Row[] {
  return JSON.parse(inside(netns, line) || '[]')
}

// Reads the network state of a machine as lines, without values that differ between equal machines: indexes, counters, handles, timers.
import { setTimeout as sleep } from 'node:timers/promises'
import { sh } from './sandbox.ts'

/** One line per value: its object, its path and the value. */
export type KernelState = readonly string[]

/**
 * Reads the host and these namespaces when the state no longer changes: duplicate address detection takes a while, and so does a
 * bridge until it forwards.
 */
export async function kernelState(namespaces: readonly string[]): Promise<KernelState> {
  const until = performance.now() + 20_000
  // Each reading starts a dozen programs.
  while (!isAtRest(namespaces) && performance.now() < until) await sleep(400)
  return read(namespaces)
}

/** The lines that only one of the two has. */
export function difference(one: KernelState, other: KernelState): readonly string[] {
  const [first, second] = [new Set(one), new Set(other)]
  return [
    ...one.filter((line) => !second.has(line)).map((line) => `- ${line}`),
    ...other.filter((line) => !first.has(line)).map((line) => `+ ${line}`),
  ]
}

function isAtRest(namespaces: readonly string[]): boolean {
  // One shell runs all commands, because starting programs takes most of the time.
  const questions = ['', ...namespaces].map(
    (name) => `${inside(name)}ip -6 address show tentative; ${inside(name)}bridge link show`,
  )
  return !/ tentative |state (listening|learning)/.test(sh(questions.join('\n')))
}

function read(namespaces: readonly string[]): KernelState {
  // The veth pair of the world has random MACs.
  const mac = sh('cat /sys/class/net/eth0/address').trim()
  const linkLocal = /fe80::[0-9a-f:]+/.exec(sh('ip -6 address show eth0'))?.[0] ?? 'fe80::'
  const places = ['', ...namespaces]
  return places
    .flatMap((name) => stateOf(name).map((line) => `${name || 'host'} ${line}`))
    .map((line) => line.replaceAll(mac, 'MAC').replaceAll(linkLocal, 'LINK-LOCAL'))
}

const questions = {
  links: 'ip -j -d link show',
  addresses: 'ip -j address show',
  routes4: 'ip -j -4 route show table all',
  routes6: 'ip -j -6 route show table all',
  lookups4: 'ip -j -4 rule show',
  lookups6: 'ip -j -6 rule show',
  ports: 'bridge -j -d link show',
  neighbours: 'ip -j neighbour show nud permanent',
  forwarding: 'bridge -j fdb show',
  rules: 'nft -j list ruleset',
}

const separator = '\u001E'

function stateOf(name: string): readonly string[] {
  const asked = Object.values(questions).map((line) => `${line} || exit; printf "\\036"`)
  // All sysctls of the network, read by one process.
  const sysctlsOf =
    'cd /proc/sys/net && grep -rs "" ipv4/ip_forward ipv4/conf ipv6/conf bridge 2>/dev/null; true'
  const output = sh(`${inside(name)}sh -c '${[...asked, sysctlsOf].join('\n')}'`).split(separator)
  const lines = Object.keys(questions).flatMap((what, index) => {
    const answer: unknown = JSON.parse(output[index]?.trim() || '[]')
    return flat(what, what === 'forwarding' ? lasting(answer) : answer)
  })
  const sysctls = output.at(-1)?.split('\n') ?? []
  return [...lines, ...sysctls.filter((line) => !line.includes('stable_secret'))]
}

/** Without entries that a bridge learns, and without the multicast MACs that each device takes for itself. */
function lasting(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer
  return answer.filter(
    ({ mac, state }) =>
      state !== undefined && Number.parseInt(String(mac).slice(0, 2), 16) % 2 === 0,
  )
}

function inside(name: string): string {
  return name === '' ? '' : `nsenter --net=/run/netns/${name} `
}

/** Fields that follow the carrier, up to a second later (linkwatch in the kernel). */
const lateValues: ReadonlySet<unknown> = new Set(['NO-CARRIER', 'LOWER_UP', 'linkdown'])

const volatileFields: ReadonlySet<string> = new Set([
  'ifindex',
  'link_index',
  'link_netnsid',
  'handle',
  'packets',
  'bytes',
  'metainfo',
  'hello_timer',
  'tcn_timer',
  'topology_change_timer',
  'gc_timer',
  'message_age_timer',
  'forward_delay_timer',
  'hold_timer',
  'valid_life_time',
  'preferred_life_time',
  'num_tx_queues',
  'num_rx_queues',
  'operstate',
])

/** Ignores the order of lists, which is the order in which the objects were created. */
function flat(path: string, value: unknown): readonly string[] {
  if (Array.isArray(value))
    return value
      .filter((item) => !lateValues.has(item))
      .flatMap((item) => flat(`${path} ${nameOf(item)}`, item))
  if (typeof value !== 'object' || value === null) return [`${path} = ${String(value)}`]
  return Object.entries(value)
    .filter(([field]) => !volatileFields.has(field))
    .flatMap(([field, item]) => flat(`${path}.${field}`, item))
}

function nameOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return ''
  const names = ['ifname', 'mac', 'dst', 'table', 'dev', 'local', 'name', 'chain']
  return names
    .map((name) => String(Reflect.get(item, name) ?? ''))
    .join(' ')
    .trim()
}

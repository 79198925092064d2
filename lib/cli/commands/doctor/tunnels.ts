// Checks the VXLAN tunnels of this host for `doctor`: it asks containers on other machines through them, from containers here. It changes
// nothing.
import { run } from '../../../exec/run.ts'
import { readNodeStates } from '../../../kernel/state/read.ts'
import type { Link, NodeState } from '../../../kernel/state/state.ts'
import { findNodes } from '../../../observe/nodes.ts'
import { finding, type Finding } from './machine.ts'

const here = 'this host'

/** Nothing for a host without tunnels. */
export async function tunnels(): Promise<readonly Finding[]> {
  const own = { name: here, netns: '/proc/self/ns/net' }
  const parts = ['neighbours', 'nft', 'legacy', 'counters'] as const
  const [host] = (await readNodeStates([own], parts)).states
  const devices = host?.links.filter(({ vxlan, up }) => vxlan && up) ?? []
  if (!host || devices.length === 0) return []
  const { states } = await readNodeStates([own, ...findNodes()], [])
  const ports = new Set(devices.map(({ vxlan }) => vxlan?.port ?? 0))
  const asked = await Promise.all(devices.map((device) => ask(host, device, states)))
  return [
    ...[...ports].map((port) => udpPort(host, port)),
    ...asked.flat(),
    ...checksums(host),
    ...(await clocks()),
  ]
}

/** Whether a rule or a policy of this host keeps the packets of the other machines out. */
function udpPort({ chains }: NodeState, port: number): Finding {
  const name = `udp port ${port}`
  const ofPort = new RegExp(
    `\\b(udp|th) (--)?dports? .*?\\b${port}\\b|-p udp .*--dports? .*\\b${port}\\b`,
  )
  const input = chains.filter(({ hook }) => hook?.toLowerCase() === 'input')
  for (const { family, table, name: chain, rules, policy } of input) {
    const rule = rules.find(({ text }) => ofPort.test(text))
    const verdict = /\b(drop|reject|accept)\b/i.exec(rule?.text ?? policy ?? '')?.[1]?.toLowerCase()
    if (verdict === undefined || verdict === 'accept') continue
    const why = rule
      ? `closed: ${family} ${table} ${chain} has the rule '${rule.text}'`
      : `closed: the policy of ${family} ${table} ${chain} is DROP, and no rule accepts this port`
    const advice = rule
      ? 'delete this rule: the packets of all other machines arrive at this port'
      : `accept it: iptables -I INPUT -p udp --dport ${port} -j ACCEPT, or the same in that chain`
    return finding('network', 'fault', name, why, advice)
  }
  return finding('network', 'ok', name, 'no rule of this host closes it')
}

type Asked = { readonly address: string; readonly machine: string }

/** One container on each other machine, of which this host has an entry. */
function askedThrough(
  { neighbours, forwarding }: NodeState,
  { name, master }: Link,
): readonly Asked[] {
  const found = new Map<string, Asked>()
  for (const { address, mac, link, state } of neighbours) {
    if (state !== 'PERMANENT' || (link !== name && link !== master)) continue
    const machine = forwarding.find(
      (entry) => entry.mac === mac && entry.link === name && entry.destination,
    )?.destination
    if (machine !== undefined && !found.has(machine)) found.set(machine, { address, machine })
  }
  return [...found.values()]
}

async function ask(
  host: NodeState,
  device: Link,
  states: readonly NodeState[],
): Promise<readonly Finding[]> {
  const ports = new Set(
    host.links.filter(({ master }) => master === device.master).map(({ name }) => name),
  )
  for (const { name, links } of states) {
    const link = links.find(({ peer }) => peer?.node === here && ports.has(peer.link))
    const netns = findNodes().find((node) => node.name === name)?.netns
    if (name !== here && link && netns !== undefined)
      return Promise.all(
        askedThrough(host, device).map((asked) => through(device, asked, { name, link, netns })),
      )
  }
  return []
}

type Asker = { readonly name: string; readonly link: Link; readonly netns: string }

async function through(
  { name: device, vxlan }: Link,
  { address, machine }: Asked,
  { name, link, netns }: Asker,
): Promise<Finding> {
  const title = `tunnel ${device}`
  const small = await pings(address, netns)
  if (!small) {
    const alive = await pings(machine)
    return finding(
      'network',
      'fault',
      title,
      `${address} does not answer ${name}; ${machine}, its machine, ${alive ? 'answers' : 'does not answer either'}`,
      alive
        ? `UDP port ${vxlan?.port} may be closed on the way, or the tunnel there has another VNI than ${vxlan?.id}: run netdojo doctor on ${machine}`
        : `the machine is down, or the network between the machines is broken: ping ${machine}`,
    )
  }
  if (await pings(address, netns, link.mtu))
    return finding(
      'network',
      'ok',
      title,
      `${address} on ${machine} answers ${name}, also to packets of ${link.mtu} bytes`,
    )
  const most = await largest(address, netns, link.mtu)
  return finding(
    'network',
    'fault',
    title,
    `packets of ${most} bytes reach ${address} on ${machine}; ${link.name} of ${name} sends up to ${link.mtu}, which do not arrive`,
    `in the containers: ip link set ${link.name} mtu ${most}; a network gets it by --opt mtu=${most}`,
  )
}

/** `size` is that of the whole packet, which nobody may divide (DF). */
async function pings(address: string, netns?: string, size?: number): Promise<boolean> {
  const headers = address.includes(':') ? 48 : 28
  const whole = size === undefined ? [] : ['-M', 'do', '-s', String(size - headers)]
  const args = ['-n', '-q', '-c', '2', '-i', '0.2', '-W', '1', ...whole, address]
  const { stdout } = await run('ping', args, { netns, input: '', allowFailure: true })
  return /, [12] received/.test(stdout)
}

/** Between the smallest packet that every IPv4 host accepts and one that was lost. */
async function largest(address: string, netns: string, lost: number): Promise<number> {
  let [good, bad] = [576, lost]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (await pings(address, netns, middle)) good = middle
    else bad = middle
  }
  return good
}

/** Some network cards compute wrong checksums for the packets of tunnels: pings pass, and TCP does not (flannel 1279, 2152). */
function checksums({ counters }: NodeState): readonly Finding[] {
  const wrong = counters['Udp.InCsumErrors'] ?? 0
  if (wrong === 0) return []
  return [
    finding(
      'network',
      'note',
      'checksums',
      `${wrong} UDP packets arrived with a wrong checksum, and were dropped`,
      'if the other machines send by a tunnel, on each of them: ethtool -K DEVICE tx-checksum-ip-generic off',
    ),
  ]
}

/** Leases end by the clock of etcd. Its answers say what time it has, to the second. */
async function clocks(): Promise<readonly Finding[]> {
  const urls = (process.env.NETDOJO_STORE ?? '').split(',').filter((url) => url !== '')
  const found = await Promise.all(urls.map(clockOf))
  return found.flat()
}

const mostSeconds = 3

async function clockOf(url: string): Promise<readonly Finding[]> {
  try {
    const answer = await fetch(new URL('/version', url), { signal: AbortSignal.timeout(2000) })
    const seconds = Math.round((Date.now() - Date.parse(answer.headers.get('date') ?? '')) / 1000)
    if (Number.isNaN(seconds)) return []
    if (Math.abs(seconds) <= mostSeconds)
      return [finding('network', 'ok', 'clock', `the same as that of ${url}`)]
    return [
      finding(
        'network',
        'note',
        'clock',
        `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of ${url}`,
        'set the clocks of all machines by NTP: timedatectl set-ntp true',
      ),
    ]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [finding('network', 'note', 'clock', `${url} does not answer: ${reason}`)]
  }
}

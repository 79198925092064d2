// Writes the lines that make the devices of a world, and that give each its master, its state and its addresses.
import { shellQuote } from '../exec/shell-quote.ts'
import type {
  Address,
  BridgePort,
  ForwardingEntry,
  Link,
  NodeState,
} from '../kernel/state/state.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'

/** The command of `ip` or `bridge` on this node. */
export function on(node: string, command: 'ip' | 'bridge', rest: string): string {
  return node === 'host' ? `${command} ${rest}` : `${command} -n ${shellQuote(node)} ${rest}`
}

/** First what is gone, then the new devices: those of which others are made come first. */
export function newDevices(fresh: Snapshot, now: Snapshot): readonly string[] {
  const has = ({ nodes }: Snapshot, node: string, name: string) =>
    nodes.some((each) => each.name === node && each.links.some((link) => link.name === name))
  const usual = fresh.nodes.find(({ name }) => name !== 'host')?.links ?? []
  const isUsual = ({ name, kind }: Link) =>
    kind !== 'veth' && usual.some((link) => link.name === name && link.kind === kind)
  const gone = fresh.nodes.flatMap(({ name, links }) =>
    links
      .filter((link) => !has(now, name, link.name) && now.nodes.some((each) => each.name === name))
      // With one end of a veth pair, the other one goes.
      .map(
        (link) => `${on(name, 'ip', `link delete ${shellQuote(link.name)}`)} 2>/dev/null || true`,
      ),
  )
  const made = now.nodes.flatMap(({ name, links }) =>
    links
      // Every namespace has some devices from the beginning: lo, and on some kernels more.
      .filter((link) => !has(fresh, name, link.name) && !isUsual(link))
      .map((link) => ({ node: name, link, line: creation(name, link, now) })),
  )
  const rank = ({ link }: (typeof made)[number]) =>
    link.parent || link.kind?.endsWith('vlan') ? 1 : 0
  return [
    ...gone,
    ...made.toSorted((one, other) => rank(one) - rank(other)).flatMap(({ line }) => line),
  ]
}

function creation(node: string, link: Link, { nodes }: Snapshot): readonly string[] {
  const { kind, parent, peer, vlan, macvlanMode, vxlan, bridge } = link
  const name = shellQuote(link.name)
  const add = (words: string) => [on(node, 'ip', `link add ${words}`)]
  switch (kind) {
    case 'veth': {
      if (!peer || peer.node === null) break
      const at = (each: string) => nodes.findIndex((other) => other.name === each)
      // From its first end. Where both are on one node, the kernel made the peer first.
      const other = nodes[at(peer.node)]?.links.find((each) => each.name === peer.link)
      const isFirst =
        at(node) < at(peer.node) || (at(node) === at(peer.node) && link.index > (other?.index ?? 0))
      if (!isFirst) return []
      const there = peer.node === node ? '' : ` netns ${shellQuote(peer.node)}`
      return add(`${name} type veth peer name ${shellQuote(peer.link)}${there}`)
    }
    case 'bridge': {
      const options = [
        ...(bridge?.stp ? ['stp_state 1'] : []),
        ...(bridge?.vlanFiltering ? ['vlan_filtering 1'] : []),
        ...(bridge?.multicastSnooping === false ? ['mcast_snooping 0'] : []),
        ...(bridge?.callIptables ? ['nf_call_iptables 1'] : []),
        ...(bridge?.callIp6tables ? ['nf_call_ip6tables 1'] : []),
        ...(bridge?.callArptables ? ['nf_call_arptables 1'] : []),
      ]
      return add([name, 'type bridge', ...options].join(' '))
    }
    case 'dummy':
      return add(`${name} type dummy`)
    case 'vxlan': {
      if (!vxlan) break
      const options = [
        `id ${vxlan.id}`,
        ...(parent === undefined ? [] : [`dev ${shellQuote(parent)}`]),
        ...(vxlan.local === undefined ? [] : [`local ${vxlan.local}`]),
        ...(vxlan.remote === undefined ? [] : [`remote ${vxlan.remote}`]),
        `dstport ${vxlan.port}`,
        ...(vxlan.learning ? [] : ['nolearning']),
      ]
      return add([name, 'type vxlan', ...options].join(' '))
    }
    case 'vlan':
    case 'macvlan':
    case 'ipvlan': {
      const above = parent ?? (peer && peer.node !== null ? peer.link : undefined)
      if (above === undefined) break
      const home = parent === undefined && peer?.node ? peer.node : node
      const there = home === node ? '' : ` netns ${shellQuote(node === 'host' ? '1' : node)}`
      const option =
        kind === 'vlan' ? ` id ${vlan}` : macvlanMode === undefined ? '' : ` mode ${macvlanMode}`
      return [
        on(
          home,
          'ip',
          `link add link ${shellQuote(above)} name ${name}${there} type ${kind}${option}`,
        ),
      ]
    }
  }
  return [
    `# ${node} had a device ${link.name}${kind === undefined ? '' : ` of the type ${kind}`}, which this script does not make`,
  ]
}

/** Attributes, masters, ports, state, and at last the addresses, which need the state. */
export function deviceLines(old: NodeState, node: NodeState, world: Snapshot): readonly string[] {
  const named = mentionedMacs(world)
  const { name, links, ports, forwarding } = node
  const before = (link: Link) => old.links.find((each) => each.name === link.name)
  return [
    ...links.flatMap((link) => attributeLines(name, before(link), link, named)),
    ...links.flatMap((link) =>
      link.master !== undefined && before(link)?.master !== link.master
        ? [on(name, 'ip', `link set ${shellQuote(link.name)} master ${shellQuote(link.master)}`)]
        : [],
    ),
    ...ports.flatMap((port) => portLine(name, port)),
    ...links.flatMap((link) => {
      const was = before(link)?.up ?? false
      if (was === link.up) return []
      return [on(name, 'ip', `link set ${shellQuote(link.name)} ${link.up ? 'up' : 'down'}`)]
    }),
    ...links.flatMap((link) => addressLines(name, before(link)?.addresses ?? [], link)),
    ...forwarding.flatMap((entry) => forwardingLine(node, entry)),
  ]
}

const aMac = /\b[\da-f]{2}(?::[\da-f]{2}){5}\b/g

/** Other MACs are the kernel's choice, and nobody would miss them. */
function mentionedMacs({ nodes }: Snapshot): ReadonlySet<string> {
  return new Set(
    nodes.flatMap((node) => [
      ...node.neighbours.flatMap(({ state, mac }) => (state === 'PERMANENT' && mac ? [mac] : [])),
      ...node.forwarding.filter((entry) => isStatic(node, entry)).map(({ mac }) => mac),
      ...(JSON.stringify([node.chains, node.sets]).toLowerCase().match(aMac) ?? []),
    ]),
  )
}

function attributeLines(
  node: string,
  old: Link | undefined,
  link: Link,
  macs: ReadonlySet<string>,
): readonly string[] {
  const set = (words: string) => on(node, 'ip', `link set ${shellQuote(link.name)} ${words}`)
  const { mac, mtu, noArp, promiscuous, alias, group } = link
  const usual = old?.mtu ?? (link.kind === 'vxlan' ? 1450 : 1500)
  return [
    ...(mac !== undefined && macs.has(mac) && old?.mac !== mac ? [set(`address ${mac}`)] : []),
    ...(mtu === usual ? [] : [set(`mtu ${mtu}`)]),
    ...(Boolean(noArp) === Boolean(old?.noArp) ? [] : [set(`arp ${noArp ? 'off' : 'on'}`)]),
    ...(Boolean(promiscuous) === Boolean(old?.promiscuous) || link.master !== undefined
      ? []
      : [set(`promisc ${promiscuous ? 'on' : 'off'}`)]),
    ...(alias === old?.alias ? [] : [set(`alias ${shellQuote(alias ?? '')}`)]),
    ...(group === undefined || group === (old?.group ?? 'default') ? [] : [set(`group ${group}`)]),
  ]
}

function portLine(node: string, port: BridgePort): readonly string[] {
  const options = [
    ...(port.hairpin ? ['hairpin on'] : []),
    ...(port.isolated ? ['isolated on'] : []),
    ...(port.learning ? [] : ['learning off']),
    ...(port.flooding ? [] : ['flood off']),
    ...(port.broadcastFlooding ? [] : ['bcast_flood off']),
    ...(port.multicastFlooding ? [] : ['mcast_flood off']),
    ...(port.neighbourSuppression ? ['neigh_suppress on'] : []),
    ...(port.locked ? ['locked on'] : []),
  ]
  if (options.length === 0) return []
  return [on(node, 'bridge', `link set dev ${shellQuote(port.link)} ${options.join(' ')}`)]
}

function addressLines(node: string, old: readonly Address[], { name, addresses }: Link) {
  const given = (all: readonly Address[]) =>
    all
      .filter(
        ({ family, scope, address }) =>
          !(family === 6 && scope === 'link') && !/^(127\.0\.0\.1|::1)$/.test(address),
      )
      .map(({ address, prefix, peer, scope }) =>
        [
          `${peer === undefined ? `${address}/${prefix}` : `${address} peer ${peer}/${prefix}`} dev ${shellQuote(name)}`,
          ...(scope === 'global' ? [] : [`scope ${scope}`]),
        ].join(' '),
      )
  const [was, is] = [given(old), given(addresses)]
  return [
    ...was
      .filter((text) => !is.includes(text))
      .map((text) => on(node, 'ip', `address delete ${text}`)),
    ...is
      .filter((text) => !was.includes(text))
      .map((text) => on(node, 'ip', `address add ${text}`)),
  ]
}

/** Not learned, and not the address of a device of the node. */
function isStatic({ links }: NodeState, { learned, local, mac }: ForwardingEntry): boolean {
  return (
    !learned &&
    !local &&
    !/^(33:33|01:00:5e)/.test(mac) &&
    !links.some((link) => link.mac === mac && !link.loopback)
  )
}

function forwardingLine(node: NodeState, entry: ForwardingEntry): readonly string[] {
  if (!isStatic(node, entry)) return []
  const { mac, link, destination, vlan, bridge } = entry
  const words = [
    `fdb append ${mac} dev ${shellQuote(link)}`,
    ...(destination === undefined ? [] : [`dst ${destination}`]),
    ...(vlan === undefined ? [] : [`vlan ${vlan}`]),
    destination === undefined && bridge !== undefined ? 'master static' : 'self permanent',
  ]
  return [on(node.name, 'bridge', words.join(' '))]
}

// Writes our nft table: its rules never change, only the elements of its sets and maps do.
import { elementText } from '../../kernel/programs/nft.ts'
import { engineInterfaces, linkGroup, type FirewallState } from '../firewall.ts'
import { elementsOf, setOfPackets, type Element, type SetName } from './elements.ts'

const setTypes: Record<SetName, string> = {
  // The bridges of our networks.
  networks: 'set networks { type ifname; ELEMENTS }',
  // Each bridge paired with itself: packets between two ports of one network.
  loops: 'set loops { type ifname . ifname; ELEMENTS }',
  // Bridges whose containers may not reach each other.
  closed: 'set closed { type ifname; ELEMENTS }',
  // Bridges of internal networks.
  internal: 'set internal { type ifname; ELEMENTS }',
  // Protocols that this host forwards only for us: see `others`.
  guarded: 'set guarded { type ether_type; ELEMENTS }',
  masquerade4: 'set masquerade4 { type ipv4_addr; flags interval; ELEMENTS }',
  masquerade6: 'set masquerade6 { type ipv6_addr; flags interval; ELEMENTS }',
  // Published ports. One look-up finds a port among any number of ports, and no key can exist twice.
  ports4:
    'map ports4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; ELEMENTS }',
  ports4any:
    'map ports4any { type inet_proto . inet_service : ipv4_addr . inet_service; ELEMENTS }',
  ports6:
    'map ports6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; ELEMENTS }',
  ports6any:
    'map ports6any { type inet_proto . inet_service : ipv6_addr . inet_service; ELEMENTS }',
}

/** The hook (if any) and the rules of each chain. */
export const chains: Readonly<Record<string, readonly string[]>> = {
  guard: [
    'type filter hook prerouting priority raw; policy accept',
    // A port published on 127.0.0.1 is translated before routing drops the destination: without this rule, a neighbour on the LAN
    // reaches the port with a packet to 127.0.0.1 (moby 45610).
    'iifname != "lo" ip daddr 127.0.0.0/8 drop',
  ],
  prerouting: [
    'type nat hook prerouting priority dstnat; policy accept',
    // Only packets to this host: without this match, a published port 80 also takes web traffic that the host forwards.
    'fib daddr type local jump publish',
  ],
  output: [
    // nft 1.0.6 accepts the name dstnat on prerouting only; its value is -100.
    'type nat hook output priority -100; policy accept',
    'fib daddr type local jump publish',
  ],
  publish: [
    'dnat ip to ip daddr . meta l4proto . th dport map @ports4',
    'meta nfproto ipv4 dnat ip to meta l4proto . th dport map @ports4any',
    'dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6',
    // IPv6 has no route_localnet: packets to ::1 never leave the host.
    'meta nfproto ipv6 ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @ports6any',
  ],
  input: [
    'type filter hook input priority filter; policy accept',
    // Of the host's addresses an internal network reaches only those of its own bridge.
    'iifname @internal fib daddr . iif type != { local, broadcast, anycast, multicast } drop',
  ],
  forward: [
    'type filter hook forward priority filter; policy accept',
    'iifname . oifname @loops iifname != @closed accept',
    'iifname @internal drop',
    'oifname @internal drop',
    'oifname @networks ct state established,related accept',
    'oifname @networks ct status dnat accept',
    // Packets from another network's containers, or from a neighbour of the host with a route to this network.
    'oifname @networks drop',
    'meta protocol @guarded jump others',
  ],
  // This host forwarded nothing before us: packets between its other interfaces are dropped.
  others: [
    `iifgroup ${linkGroup} accept`,
    `oifgroup ${linkGroup} accept`,
    ...engineInterfaces.flatMap((name) => [
      `iifname "${name}*" oifname != "${name}*" accept`,
      `oifname "${name}*" iifname != "${name}*" accept`,
    ]),
    // br_netfilter shows the frames inside of a bridge here, too. nft cannot compare two interfaces, but finds the pair of this
    // interface with itself exactly when the packet leaves by the interface by which it came.
    'update @same { iifname . iifname }',
    'iifname . oifname @same accept',
    'drop',
  ],
  postrouting: [
    'type nat hook postrouting priority srcnat; policy accept',
    'ip saddr @masquerade4 oifname != @networks masquerade',
    'ip6 saddr @masquerade6 oifname != @networks masquerade',
    // A container that connects to a port published by its own network: the reply must return through the host to be translated.
    'iifname . oifname @loops ct status dnat masquerade',
    // From the host's 127.0.0.1, to which no container can reply.
    'ip saddr 127.0.0.0/8 oifname @networks masquerade',
  ],
}

/** The table's body, between its braces. */
export function tableBody(state: Omit<FirewallState, 'sources'>): readonly string[] {
  const packets = `set ${setOfPackets} { type ifname . ifname; size 1024; flags dynamic, timeout; timeout 1m; }`
  return [packets, ...bodyOf(setTypes, chains, elementsOf(state))]
}

/** A chain must exist before the chains that jump to it: those without a hook come first. */
export function bodyOf(
  types: Readonly<Record<string, string>>,
  rules: typeof chains,
  elements: readonly Element[],
): readonly string[] {
  return [
    ...Object.entries(types).map(([name, type]) =>
      type.replace('ELEMENTS ', elementList(elements, name)),
    ),
    ...Object.entries(rules)
      .toSorted(([, a], [, b]) => Number(isHooked(a)) - Number(isHooked(b)))
      .flatMap(([name, lines]) =>
        [`chain ${name} {`, lines.map((line) => `  ${line}`), '}'].flat(),
      ),
  ]
}

function isHooked([first = '']: readonly string[]): boolean {
  return first.startsWith('type ')
}

function elementList(elements: readonly Element[], name: string): string {
  const texts = elements
    .filter(({ set }) => set === name)
    .map(({ key, data }) => elementText(key, data))
  return texts.length === 0 ? '' : `elements = { ${texts.join(', ')} }; `
}

// The one nft table of ours: its rules never change, all that comes and goes are elements of its sets and maps.
import { elementText } from '../../kernel/programs/nft.ts'
import type { FirewallState } from '../firewall.ts'
import { elementsOf, setNames, type Element, type SetName } from './elements.ts'

const setTypes: Record<SetName, string> = {
  // The bridges of our networks.
  networks: 'set networks { type ifname; ELEMENTS }',
  // Each bridge paired with itself: packets that come back to the network that they come from.
  loops: 'set loops { type ifname . ifname; ELEMENTS }',
  // Bridges whose containers may not reach each other.
  closed: 'set closed { type ifname; ELEMENTS }',
  // Bridges of networks without a way out.
  internal: 'set internal { type ifname; ELEMENTS }',
  masquerade4: 'set masquerade4 { type ipv4_addr; flags interval; ELEMENTS }',
  masquerade6: 'set masquerade6 { type ipv6_addr; flags interval; ELEMENTS }',
  // Published ports. One look-up finds the port among any number of them, and a key cannot be there twice.
  ports4:
    'map ports4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; ELEMENTS }',
  ports4any:
    'map ports4any { type inet_proto . inet_service : ipv4_addr . inet_service; ELEMENTS }',
  ports6:
    'map ports6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; ELEMENTS }',
  ports6any:
    'map ports6any { type inet_proto . inet_service : ipv6_addr . inet_service; ELEMENTS }',
}

/** By chain: its hook if it has one, and its rules. */
export const chains: Readonly<Record<string, readonly string[]>> = {
  guard: [
    'type filter hook prerouting priority raw; policy accept',
    // A port published on 127.0.0.1 is translated before routing would notice the impossible destination:
    // without this, a neighbour on the LAN reaches it with a frame to 127.0.0.1 (moby 45610).
    'iifname != "lo" ip daddr 127.0.0.0/8 drop',
  ],
  prerouting: [
    'type nat hook prerouting priority dstnat; policy accept',
    // Only what is meant for this host: without it, a published port 80 takes all web traffic that passes through.
    'fib daddr type local jump publish',
  ],
  output: [
    // nft 1.0.6 knows the name dstnat on prerouting only: it is -100.
    'type nat hook output priority -100; policy accept',
    'fib daddr type local jump publish',
  ],
  publish: [
    'dnat ip to ip daddr . meta l4proto . th dport map @ports4',
    'meta nfproto ipv4 dnat ip to meta l4proto . th dport map @ports4any',
    'dnat ip6 to ip6 daddr . meta l4proto . th dport map @ports6',
    // IPv6 has no route_localnet: what is sent to ::1 never leaves the host.
    'meta nfproto ipv6 ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @ports6any',
  ],
  forward: [
    'type filter hook forward priority filter; policy accept',
    'iifname . oifname @loops iifname != @closed accept',
    'iifname @internal drop',
    'oifname @internal drop',
    'oifname @networks ct state established,related accept',
    'oifname @networks ct status dnat accept',
    // Another network's containers, or a neighbour of the host that knows a route here.
    'oifname @networks drop',
  ],
  postrouting: [
    'type nat hook postrouting priority srcnat; policy accept',
    'ip saddr @masquerade4 oifname != @networks masquerade',
    'ip6 saddr @masquerade6 oifname != @networks masquerade',
    // A container that asks for a port published by its own network: the answer must come back this way to be translated.
    'iifname . oifname @loops ct status dnat masquerade',
    // From the host's 127.0.0.1, an address to which no container can answer.
    'ip saddr 127.0.0.0/8 oifname @networks masquerade',
  ],
}

/** The table's body, to stand between its braces. */
export function tableBody(state: FirewallState): readonly string[] {
  const elements = elementsOf(state)
  return [
    ...setNames.map((name) => setTypes[name].replace('ELEMENTS ', elementList(elements, name))),
    // `publish` must be there before the chains that jump to it.
    ...Object.entries(chains)
      .toSorted(([a], [b]) => Number(b === 'publish') - Number(a === 'publish'))
      .flatMap(([name, lines]) =>
        [`chain ${name} {`, lines.map((line) => `  ${line}`), '}'].flat(),
      ),
  ]
}

function elementList(elements: readonly Element[], name: SetName): string {
  const texts = elements
    .filter(({ set }) => set === name)
    .map(({ key, data }) => elementText(key, data))
  return texts.length === 0 ? '' : `elements = { ${texts.join(', ')} }; `
}

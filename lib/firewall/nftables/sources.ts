// Writes the table of the family bridge in which a container's frames are checked: only frames with its own MAC and IP addresses as
// their source leave its veth. The rules never change, only the elements of the sets do.
import { addressBytes } from '../../kernel/netlink/codec.ts'
import { hasNftChain } from '../../kernel/netlink/set-element.ts'
import { run } from '../../exec/run.ts'
import type { Source } from '../firewall.ts'
import type { Element, SourceSet } from './elements.ts'

export const sourceSets: Readonly<Record<SourceSet, string>> = {
  // The host's ends of the veth pairs: frames from all other ports pass.
  restricted: 'set restricted { type ifname; ELEMENTS }',
  macs: 'set macs { type ifname . ether_addr; ELEMENTS }',
  sources4: 'set sources4 { type ifname . ipv4_addr; ELEMENTS }',
  // nft 1.0.6 cannot name the target of a neighbour solicitation, so both it and the source address are read as bytes: in an IPv6
  // header the source begins at bit 64 (RFC 8200 3), and in a neighbour message the target (RFC 4861 4.3).
  sources6: 'set sources6 { typeof iifname . @nh,64,128; ELEMENTS }',
}

export const sourceChains: Readonly<Record<string, readonly string[]>> = {
  ipv4: ['iifname . ip saddr @sources4 accept', 'drop'],
  // An announcement is an ARP message whose sender has the address; a probe's sender has none yet (RFC 5227 1.1).
  ethernet: [
    'iifname . arp saddr ether != @macs drop',
    'arp saddr ip 0.0.0.0 accept',
    'iifname . arp saddr ip @sources4 accept',
    'drop',
  ],
  ipv6: [
    'icmpv6 type nd-neighbor-advert iifname . @th,64,128 != @sources6 drop',
    'iifname . @nh,64,128 @sources6 accept',
    // Duplicate address detection. For the address of another it would keep that address from ever being used.
    'ip6 saddr :: icmpv6 type nd-neighbor-solicit iifname . @th,64,128 @sources6 accept',
    // Before it has an address: memberships of multicast groups, and the search for routers.
    'ip6 saddr :: icmpv6 type { mld-listener-report, mld-listener-done, nd-router-solicit, mld2-listener-report } accept',
    'drop',
  ],
  sources: [
    // Before br_netfilter passes the frame on to the rules of IP (NF_BR_PRI_NAT_DST_BRIDGED in linux/netfilter_bridge.h).
    'type filter hook prerouting priority -300; policy accept',
    'iifname != @restricted accept',
    'iifname . ether saddr != @macs drop',
    'ether type vmap { ip : goto ipv4, arp : goto ethernet, ip6 : goto ipv6 }',
    // A VLAN tag would hide the addresses: the receiver's kernel ignores a tag of VLAN 0.
    'drop',
  ],
}

export function sourceElements({ port, mac, addresses }: Source): readonly Element[] {
  const isSix = (address: string) => address.includes(':')
  const six = addresses.filter(isSix)
  return [
    { set: 'restricted', key: [port] },
    { set: 'macs', key: [port, mac] },
    ...addresses
      .filter((address) => !isSix(address))
      .map((address) => ({ set: 'sources4' as const, key: [port, address] })),
    ...[...six, ...(six.length > 0 ? [linkLocal(mac)] : [])].map((address) => ({
      set: 'sources6' as const,
      key: [port, `0x${addressBytes(address).bytes.toString('hex')}`],
    })),
  ]
}

/** The address that the kernel gives the link (RFC 4291, appendix A: the seventh bit is inverted). */
function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
    .split(':')
    .map((part) => Number.parseInt(part, 16))
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f]
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`
}

/** Whether the table exists. A network of an older version, or on a kernel without the family bridge, has none. */
export async function hasSources(table: string): Promise<boolean> {
  const found = await hasNftChain('bridge', table, 'sources')
  if (found !== undefined) return found
  const list = ['list', 'chain', 'bridge', table, 'sources']
  const { exitCode } = await run('nft', list, { stdout: false, allowFailure: true })
  return exitCode === 0
}

let known: Promise<boolean> | undefined

/** Whether the kernel can check sources (CONFIG_NF_TABLES_BRIDGE): nft only asks, and changes nothing. */
export function canCheckSources(): Promise<boolean> {
  known ??= run('nft', ['-c', '-f', '-'], {
    input:
      'table bridge netdojo-check { chain c { type filter hook prerouting priority -300; arp saddr ip 0.0.0.0 drop; }; }\n',
    stdout: false,
    allowFailure: true,
  }).then(({ exitCode }) => exitCode === 0)
  return known
}

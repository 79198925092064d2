// Replaces in the texts of a run the values that the kernel or chance chose: each becomes the same one in every run.
import { createHash } from 'node:crypto'

/** @returns a function for one run: it numbers MAC addresses, ports and ids in the order in which they appear. */
export function steadyText(): (text: string) => string {
  const macs = numbered((number) => `00:00:5e:00:53:${number.toString(16).padStart(2, '0')}`)
  const ports = numbered((number) => String(40_000 + number))
  const ids = numbered((number) => createHash('sha256').update(`${number}`).digest('hex'))
  // A short name is the beginning of an id.
  const idOf = (id: string) => ids(id.slice(0, 8)).slice(0, id.length)
  const rules: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
    [/\b(nd-[a-z0-9-]+?-|owner-)([0-9a-f]{8})\b/g, (_, name = '', id = '') => name + idOf(id)],
    [/\b(nd[vx])([0-9a-f]{12})\b/g, (_, kind = '', id = '') => kind + idOf(id)],
    [/\b[0-9a-f]{16}\b/g, (id = '') => idOf(id)],
    // The first column of `netdojo network ls`.
    [/^[0-9a-f]{12}(?=   )/gm, (id = '') => idOf(id)],
    // A scenario's own MAC addresses begin with 02:00. Others become addresses of the range for documentation (RFC 7042).
    [
      /\b(?!02:00:00:00:00|00:00:00:00:00|ff:ff:ff:ff:ff|01:00:5e|33:33)[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g,
      (mac = '') => macs(mac),
    ],
    // The ports of clients: net.ipv4.ip_local_port_range.
    [
      /([sd]port=|\d:)(3[2-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b/g,
      (_, before = '', port = '') => before + ports(port),
    ],
    // The source port of a tunnel's packet is a hash of the inner packet.
    [
      /(\b\d+\.\d+\.\d+\.\d+\.)(3[2-9]\d{3}|[45]\d{4}|6[0-5]\d{3})(?= > )/g,
      (_, before = '', port = '') => before + ports(port),
    ],
    [/(ICMP echo \w+), id \d+/g, (_, what = '') => `${what}, id 1`],
    [/^((?:tcp|udp|icmp) +\d+) \d+ /gm, (_, protocol = '') => `${protocol} 119 `],
    [/\bid=\d+/g, () => 'id=1'],
    // The index of the other end of a veth pair. Columns keep their width.
    [/@if\d+\b( *)/g, (end = '', gap = '') => (gap === '' ? '@if2' : '@if2'.padEnd(end.length))],
    [/\b(?:INCOMPLETE|FAILED)$/gm, () => 'FAILED'],
    [/\b(lladdr \S+) (?:REACHABLE|STALE|DELAY|PROBE)$/gm, (_, mac = '') => `${mac} REACHABLE`],
    // The kernel marks a route until it has noticed that the cable is up, which takes up to a second (net/core/link_watch.c).
    [/ linkdown *$/gm, () => ''],
    [/^conntrack v[\d.]+ .*\n?/gm, () => ''],
    // Every namespace has these devices if the modules are loaded.
    [
      /^(?:\d+: )?(?:tunl0|sit0|ip6tnl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0)@.*\n(?: .*\n)*/gm,
      () => '',
    ],
    // runc has this option if it runs without root.
    [/ --rootless=true\b/g, () => ''],
    [/[ \t]+$/gm, () => ''],
  ]
  return (text) =>
    rules.reduce((steady, [pattern, replace]) => steady.replaceAll(pattern, replace), text)
}

function numbered(name: (number: number) => string): (value: string) => string {
  const names = new Map<string, string>()
  return (value) => {
    const known = names.get(value) ?? name(names.size + 1)
    names.set(value, known)
    return known
  }
}

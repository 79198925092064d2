// Texts of a run without what differs from run to run: each value that the kernel or chance chose becomes the same one each time.
import { createHash } from 'node:crypto'

/** @returns a function that gives every address, port and id of one run its steady one, in the order of their appearance. */
export function steadyText(): (text: string) => string {
  const macs = numbered((number) => `00:00:5e:00:53:${number.toString(16).padStart(2, '0')}`)
  const ports = numbered((number) => String(40_000 + number))
  const ids = numbered((number) => createHash('sha256').update(`${number}`).digest('hex'))
  // The short name of a thing is the beginning of its id.
  const idOf = (id: string) => ids(id.slice(0, 8)).slice(0, id.length)
  const rules: readonly (readonly [RegExp, (...found: string[]) => string])[] = [
    [/\b(nd-[a-z0-9-]+?-|owner-)([0-9a-f]{8})\b/g, (_, name = '', id = '') => name + idOf(id)],
    [/\bndv([0-9a-f]{12})\b/g, (_, id = '') => `ndv${idOf(id)}`],
    [/\b[0-9a-f]{16}\b/g, (id = '') => idOf(id)],
    // Those that a scenario chose begin with 02:00; the others are from the range for documentation (RFC 7042).
    [
      /\b(?!02:00:00:00:00|00:00:00:00:00|ff:ff:ff:ff:ff|01:00:5e|33:33)[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g,
      (mac = '') => macs(mac),
    ],
    // The ports of clients: net.ipv4.ip_local_port_range.
    [
      /([sd]port=|\d:)(3[2-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b/g,
      (_, before = '', port = '') => before + ports(port),
    ],
    [/(ICMP echo \w+), id \d+/g, (_, what = '') => `${what}, id 1`],
    [/^((?:tcp|udp|icmp) +\d+) \d+ /gm, (_, protocol = '') => `${protocol} 119 `],
    [/\bid=\d+/g, () => 'id=1'],
    // The number of the other end, counted where it is; columns stay where they are.
    [/@if\d+\b( *)/g, (end = '', gap = '') => (gap === '' ? '@if2' : '@if2'.padEnd(end.length))],
    [/\b(?:INCOMPLETE|FAILED)$/gm, () => 'FAILED'],
    // The kernel marks a route until it has noticed that the cable is up, which takes up to a second (net/core/link_watch.c).
    [/ linkdown *$/gm, () => ''],
    [/^conntrack v[\d.]+ .*\n?/gm, () => ''],
    // What every namespace has where these modules are loaded.
    [
      /^(?:\d+: )?(?:tunl0|sit0|ip6tnl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0)@.*\n(?: .*\n)*/gm,
      () => '',
    ],
    // As root on a machine without control groups of its own.
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

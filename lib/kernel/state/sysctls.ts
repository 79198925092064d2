// Reads the sysctls of forwarding, filtering and answering, and the kernel's counters, in the network namespace of the calling thread.
import type { Libc } from '../netlink/libc.ts'

/** Where each stands in the arrays that the kernel sends with a device: IPV4_DEVCONF_… of linux/ip.h, from 1, and DEVCONF_… of linux/ipv6.h, from 0. */
const ofDevice = {
  ipv4: {
    forwarding: 1,
    proxy_arp: 3,
    rp_filter: 8,
    arp_filter: 13,
    disable_policy: 16,
    arp_announce: 18,
    arp_ignore: 19,
    accept_local: 23,
    src_valid_mark: 24,
    route_localnet: 26,
    bc_forwarding: 32,
  },
  ipv6: { forwarding: 0, accept_ra: 3, proxy_ndp: 22, disable_ipv6: 26, accept_dad: 27 },
} as const

const others = [
  'ipv4/icmp_echo_ignore_all',
  'ipv4/icmp_echo_ignore_broadcasts',
  'ipv4/ip_local_port_range',
  'ipv4/ip_local_reserved_ports',
  'ipv4/ip_nonlocal_bind',
  'ipv6/icmp/echo_ignore_all',
  'ipv6/icmp/echo_ignore_multicast',
  'netfilter/nf_conntrack_max',
  'bridge/bridge-nf-call-iptables',
  'bridge/bridge-nf-call-ip6tables',
  'bridge/bridge-nf-call-arptables',
]

/** Not read for `default`: no message contains it, so each value would need one file. */
const notByDefault = new Set([
  'bc_forwarding',
  'disable_policy',
  'src_valid_mark',
  'proxy_ndp',
  'accept_dad',
])

/** Reads the kernel's arrays of 32-bit numbers. */
export function deviceSysctls(
  device: string,
  ipv4: Buffer | undefined,
  ipv6: Buffer | undefined,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  // sysctl(8) writes a slash for the dot in the name of a device.
  const name = device.replaceAll('.', '/')
  for (const [key, index] of Object.entries(ofDevice.ipv4))
    if (ipv4 && 4 * index <= ipv4.length)
      values[`net.ipv4.conf.${name}.${key}`] = String(ipv4.readInt32LE(4 * (index - 1)))
  for (const [key, index] of Object.entries(ofDevice.ipv6))
    if (ipv6 && 4 * index < ipv6.length)
      values[`net.ipv6.conf.${name}.${key}`] = String(ipv6.readInt32LE(4 * index))
  return values
}

export type ReadFile = (path: string) => string

const sysctls = '/proc/sys/net/'

/**
 * Reads files of /proc in the calling thread's namespace, by a descriptor for each directory: the kernel looks up the directories
 * below /proc/sys/net anew for each namespace, which is most of what opening such a file costs. A file that is missing is empty.
 */
export class ProcFiles implements Disposable {
  readonly #libc: Libc
  readonly #directories = new Map<string, number>()

  constructor(libc: Libc) {
    this.#libc = libc
  }

  readonly read: ReadFile = (path) => {
    const slash = path.lastIndexOf('/')
    const file = this.#libc.openat(this.#open(path.slice(0, slash)), path.slice(slash + 1), 0)
    if (file < 0) return ''
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = this.#libc.read(file, buffer.subarray(length), buffer.length - length)
      // A file with one value is read by one call.
      if (read < 0 || (length === 0 && read < 64)) {
        length += Math.max(read, 0)
        break
      }
    }
    this.#libc.close(file)
    return buffer.toString('latin1', 0, length)
  }

  #open(directory: string): number {
    const known = this.#directories.get(directory)
    if (known !== undefined) return known
    // -1 stands for a missing directory: all files in it are missing too.
    const opened = this.#libc.openat(-1, directory, 0)
    this.#directories.set(directory, opened)
    return opened
  }

  [Symbol.dispose](): void {
    for (const directory of this.#directories.values())
      if (directory >= 0) this.#libc.close(directory)
  }
}

/** The sysctls without a device, and those of `devices`. A kernel without IPv6 or br_netfilter lacks some. */
export function readSysctls(
  devices: readonly string[],
  read: ReadFile,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const { path, name } of devices.length === 0 ? common : sysctlsOf(devices)) {
    const value = read(path)
    if (value !== '') values[name] = value.trimEnd().replaceAll('\t', ' ')
  }
  return values
}

export function sysctlPaths(devices: readonly string[]): readonly string[] {
  return sysctlsOf(devices).map(({ path }) => path)
}

function sysctlsOf(devices: readonly string[]) {
  const paths = Object.entries(ofDevice).flatMap(([family, settings]) =>
    ['all', 'default', ...devices].flatMap((device) =>
      Object.keys(settings)
        .filter((key) => device !== 'default' || !notByDefault.has(key))
        .map((key) => `${family}/conf/${device}/${key}`),
    ),
  )
  return [...paths, ...others].map((path) => ({ path: `${sysctls}${path}`, name: nameOf(path) }))
}

/** sysctl(8) writes dots for slashes, and slashes for the dots in the name of a device. */
function nameOf(path: string): string {
  const swap = (character: string) => (character === '.' ? '/' : '.')
  return `net.${path.replaceAll(/[./]/g, swap)}`
}

const common = sysctlsOf([])

/** `Ip.ForwDatagrams`, `IpExt.InNoRoutes`, `TcpExt.IPReversePathFilter`, `Ip6InNoRoutes` … */
export function readCounters(read: ReadFile): Readonly<Record<string, number>> {
  const counters: Record<string, number> = {}
  for (const file of ['snmp', 'netstat']) {
    const lines = read(`/proc/thread-self/net/${file}`).split('\n')
    // Each group has a line of names and a line of values.
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const [group = '', ...names] = (lines[at] ?? '').split(' ')
      const [, ...values] = (lines[at + 1] ?? '').split(' ')
      for (const [index, name] of names.entries())
        counters[`${group.slice(0, -1)}.${name}`] = Number(values[index])
    }
  }
  for (const line of read('/proc/thread-self/net/snmp6').split('\n')) {
    const [name = '', value] = line.split(/\s+/)
    if (value !== undefined) counters[name] = Number(value)
  }
  addConntrack(counters, read('/proc/thread-self/net/stat/nf_conntrack'))
  const count = read('/proc/sys/net/netfilter/nf_conntrack_count')
  if (count !== '') counters['conntrack.count'] = Number(count)
  return counters
}

/** A line of names, and a line in hexadecimal digits for each processor. */
function addConntrack(counters: Record<string, number>, text: string): void {
  const [names = [], ...rows] = text.split('\n').map((line) => line.trim().split(/\s+/))
  for (const row of rows)
    for (const [column, name] of names.entries()) {
      const value = Number.parseInt(row[column] ?? '', 16)
      if (name === 'entries' || Number.isNaN(value)) continue
      counters[`conntrack.${name}`] = (counters[`conntrack.${name}`] ?? 0) + value
    }
}

/** The numbers of the queues (NFQUEUE) that a program serves: the first column of a line each. */
export function readQueues(read: ReadFile): readonly number[] {
  const lines = read('/proc/thread-self/net/netfilter/nfnetlink_queue').split('\n')
  return lines.flatMap((line) => (line === '' ? [] : Number.parseInt(line, 10)))
}

const buffer = Buffer.alloc(65_536)

// Reads the headers of a packet, as far as is needed to recognise the packet on the next interface, also after NAT.
import { addressText, macText } from '../../address/address-text.ts'
import { dissectIcmp } from './dissect-icmp.ts'
import type { Arp, Ethernet, IpPacket, Tunnel } from './packet.ts'

const [arpType, vlanType, ipv4Type, ipv6Type] = [0x0806, 0x8100, 0x0800, 0x86dd]
/** netdevice(7), sll_hatype: devices without an Ethernet header, such as tun. */
const bare = new Set([65534, 519])

/** IANA's port of VXLAN, and the one that Linux uses unless told. */
const vxlanPorts: ReadonlySet<number> = new Set([4789, 8472])

/**
 * A frame as AF_PACKET gives it.
 * @param tunnels further UDP ports that carry VXLAN.
 */
export function dissectFrame(
  bytes: Buffer,
  hardware: number,
  tunnels: ReadonlySet<number> = vxlanPorts,
): Ethernet {
  if (bare.has(hardware)) {
    const ip = dissectIp(bytes)
    return { sourceMac: '', destinationMac: '', ...(ip ? { ip } : {}) }
  }
  const macs = {
    destinationMac: macText(bytes.subarray(0, 6)),
    sourceMac: macText(bytes.subarray(6, 12)),
  }
  const type = bytes.length < 14 ? 0 : bytes.readUInt16BE(isTagged(bytes) ? 16 : 12)
  const payload = payloadOf(bytes, hardware)
  const arp = type === arpType ? dissectArp(payload) : undefined
  if (arp) return { ...macs, arp }
  const ip = type === ipv4Type || type === ipv6Type ? dissectIp(payload) : undefined
  if (!ip) return macs
  const tunnel = vxlanOf(ip, payload, tunnels)
  return { ...macs, ip: { ...ip, ...(tunnel ? { tunnel } : {}) } }
}

function isTagged(bytes: Buffer): boolean {
  return bytes.length > 17 && bytes.readUInt16BE(12) === vlanType
}

/** What the frame carries: its bytes without the Ethernet header. */
export function payloadOf(bytes: Buffer, hardware: number): Buffer {
  if (bare.has(hardware)) return bytes
  return bytes.subarray(isTagged(bytes) ? 18 : 14)
}

/** RFC 7348: 8 bytes after the UDP header, then an Ethernet frame. */
function vxlanOf(
  { protocol, family, destinationPort = 0 }: IpPacket,
  bytes: Buffer,
  tunnels: ReadonlySet<number>,
): Tunnel | undefined {
  if (protocol !== 'udp' || !(tunnels.has(destinationPort) || vxlanPorts.has(destinationPort)))
    return undefined
  const header = family === 4 ? ((bytes[0] ?? 0) & 15) * 4 : 40
  const body = bytes.subarray(header + 8)
  // The flag says that the number of the network is valid.
  if (body.length < 22 || ((body[0] ?? 0) & 8) === 0) return undefined
  return { vni: body.readUIntBE(4, 3), inner: dissectFrame(body.subarray(8), 1, tunnels) }
}

/** @param bytes from the first byte of the IP header on. @returns undefined when they are no IP header */
export function dissectIp(bytes: Buffer): IpPacket | undefined {
  const version = (bytes[0] ?? 0) >> 4
  if (version === 4 && bytes.length >= 20) return dissectIpv4(bytes)
  if (version === 6 && bytes.length >= 40) return dissectIpv6(bytes)
  return undefined
}

function dissectIpv4(bytes: Buffer): IpPacket {
  const header = ((bytes[0] ?? 0) & 15) * 4
  const fragment = bytes.readUInt16BE(6)
  const offset = fragment & 0x1fff
  const id = bytes.readUInt16BE(4)
  const transport = dissectTransport(bytes[9] ?? 0, bytes.subarray(header), offset > 0)
  return {
    family: 4,
    source: addressText(bytes.subarray(12, 16)),
    destination: addressText(bytes.subarray(16, 20)),
    ttl: bytes[8] ?? 0,
    tos: bytes[1] ?? 0,
    length: bytes.readUInt16BE(2),
    dontFragment: (fragment & 0x4000) !== 0,
    ...((fragment & 0x2000) === 0 ? {} : { moreFragments: true as const }),
    ...transport,
    key: `4 ${id} ${offset} ${transport.key}`,
  }
}

function dissectIpv6(bytes: Buffer): IpPacket {
  const transport = dissectTransport(bytes[6] ?? 0, bytes.subarray(40), false)
  const [source, destination] = [
    addressText(bytes.subarray(8, 24)),
    addressText(bytes.subarray(24, 40)),
  ]
  const isNeighbour = transport.key === 'icmp 135' || transport.key === 'icmp 136'
  return {
    family: 6,
    source,
    destination,
    ttl: bytes[7] ?? 0,
    tos: (bytes.readUInt16BE(0) >> 4) & 0xff,
    length: bytes.readUInt16BE(4) + 40,
    dontFragment: true,
    ...transport,
    // Neighbour discovery has no number of its own, and nobody rewrites its addresses.
    key: isNeighbour
      ? `6 ${transport.key} ${source} ${destination}`
      : `6 ${bytes.readUInt32BE(0) & 0xfffff} ${transport.key}`,
  }
}

type Transport = Pick<IpPacket, 'protocol' | 'key'> & Partial<IpPacket>

/** A trace of nftables has 20 bytes of this header, so a key must not use more. */
function dissectTransport(protocol: number, bytes: Buffer, isLaterPart: boolean): Transport {
  const names: Readonly<Record<number, string>> = { 1: 'icmp', 58: 'icmp', 6: 'tcp', 17: 'udp' }
  const name = names[protocol] ?? String(protocol)
  if (isLaterPart || bytes.length < 8) return { protocol: name, key: name }
  if (name === 'tcp' && bytes.length >= 14) return { protocol: name, ...tcp(bytes) }
  if (name === 'udp') {
    const rest = bytes.subarray(8, 20).toString('hex')
    return { protocol: name, ...ports(bytes), key: `udp ${bytes.readUInt16BE(4)} ${rest}` }
  }
  if (name === 'icmp') return { protocol: name, ...dissectIcmp(bytes, protocol === 58, dissectIp) }
  return { protocol: name, key: `${name} ${bytes.subarray(4, 20).toString('hex')}` }
}

function tcp(bytes: Buffer) {
  const bits = bytes[13] ?? 0
  const letters = ['F', 'S', 'R', 'P', '.', 'U'].filter((_, index) => bits & (1 << index))
  const order = 'SFRPU.'
  const flags = letters.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).join('')
  const key = `tcp ${bytes.readUInt32BE(4)} ${bytes.readUInt32BE(8)} ${bits}`
  return { ...ports(bytes), flags, key }
}

function ports(bytes: Buffer) {
  return { sourcePort: bytes.readUInt16BE(0), destinationPort: bytes.readUInt16BE(2) }
}

/** Undefined for what is not of Ethernet and IPv4. */
export function dissectArp(bytes: Buffer): Arp | undefined {
  if (bytes.length < 28 || bytes.readUInt32BE(2) !== 0x08000604) return undefined
  const question = bytes.readUInt16BE(6) === 1
  const [senderMac, targetMac] = [macText(bytes.subarray(8, 14)), macText(bytes.subarray(18, 24))]
  const sender = addressText(bytes.subarray(14, 18))
  const target = addressText(bytes.subarray(24, 28))
  const key = `arp ${question ? 'question' : 'answer'} ${sender} ${target} ${question ? '' : targetMac}`
  return { question, senderMac, sender, target, key }
}

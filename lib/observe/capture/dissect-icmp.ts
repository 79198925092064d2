// Reads an ICMP or ICMPv6 message: an echo, or an error with the packet that it is about.
import { addressText } from '../../address/address-text.ts'
import type { IcmpPart, IpPacket } from './packet.ts'

const names4: Readonly<Record<string, string>> = {
  '0': 'echo reply',
  '8': 'echo request',
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/2': 'protocol unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/9': 'network prohibited',
  '3/10': 'host prohibited',
  '3/13': 'filtered by an administrator',
  '5': 'redirect',
  '11': 'time exceeded',
}

const names6: Readonly<Record<string, string>> = {
  '128': 'echo request',
  '129': 'echo reply',
  '1/0': 'network unreachable',
  '1/1': 'filtered by an administrator',
  '1/3': 'host unreachable',
  '1/4': 'port unreachable',
  '2': 'packet too big',
  '3': 'time exceeded',
  '135': 'neighbour solicitation',
  '136': 'neighbour advertisement',
}

const errors4 = new Set([3, 5, 11, 12])
const neighbours = new Set([135, 136])

/** `dissectIp` reads the packet that an error is about. */
export function dissectIcmp(
  bytes: Buffer,
  isV6: boolean,
  dissectIp: (bytes: Buffer) => IpPacket | undefined,
): { icmp: IcmpPart; key: string } {
  const [type = 0, code = 0] = bytes
  const names = isV6 ? names6 : names4
  const name = names[`${type}/${code}`] ?? names[type] ?? `type ${type} code ${code}`
  const head = { type, code, name }
  if (isV6 ? type < 128 : errors4.has(type)) {
    const about = dissectIp(bytes.subarray(8))
    // Every sender of an error repeats at least the length and the id of the packet inside.
    const inside = bytes.subarray(10, 14).toString('hex')
    const mtu = mtuOf(bytes, type, code, isV6)
    return {
      icmp: { ...head, ...(about ? { about } : {}), ...(mtu ? { mtu } : {}) },
      key: `icmp ${type} ${code} ${inside}`,
    }
  }
  if (isV6 && neighbours.has(type)) {
    const neighbour = bytes.length >= 24 ? { neighbour: addressText(bytes.subarray(8, 24)) } : {}
    return { icmp: { ...head, ...neighbour }, key: `icmp ${type}` }
  }
  const [id, sequence] = [bytes.readUInt16BE(4), bytes.readUInt16BE(6)]
  // The key leaves out the id of an echo, which NAT may change.
  const key = `icmp ${type} ${sequence} ${bytes.subarray(8, 20).toString('hex')}`
  return { icmp: { ...head, id, sequence }, key }
}

function mtuOf(bytes: Buffer, type: number, code: number, isV6: boolean): number {
  if (isV6) return type === 2 ? bytes.readUInt32BE(4) : 0
  return type === 3 && code === 4 ? bytes.readUInt16BE(6) : 0
}

// Addresses as the kernel has them: bytes, the most significant first.
import { addressBits, IpAddress } from '../../address/ip-address.ts'

export const families = { 4: 2, 6: 10 } as const

/** @throws NetdojoError `address-malformed` */
export function addressBytes(text: string): { readonly family: number; readonly bytes: Buffer } {
  const { family, value } = IpAddress.parse(text)
  const digits = addressBits(family) / 4
  const bytes = Buffer.from(value.toString(16).padStart(digits, '0'), 'hex')
  return { family: families[family], bytes }
}

export function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex')
}

// What root of a container may do: Docker's default set (enough for ping and a server on port 80, not for changing the network), as far as whoever starts the container has these rights itself.
import { readFileSync } from 'node:fs'

/** With their bits: linux/capability.h. */
const wanted = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_SETPCAP: 8,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
  CAP_SYS_CHROOT: 18,
  CAP_MKNOD: 27,
  CAP_AUDIT_WRITE: 29,
  CAP_SETFCAP: 31,
} as const

/** Nobody can give what he has not: runc would refuse the container. */
export function containerCapabilities(): readonly string[] {
  const [, bounding = ''] =
    /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  const ours = BigInt(`0x${bounding || '0'}`)
  return Object.entries(wanted)
    .filter(([, bit]) => (ours >> BigInt(bit)) & 1n)
    .map(([name]) => name)
}

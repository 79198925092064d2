// Derives interface names from networks and endpoints: unique, recognisable, and at most 15 characters (IFNAMSIZ counts the
// final zero).
import { createHash } from 'node:crypto'

const longest = 15
const prefix = 'nd-'

/** `nd-` and the network's name; a long name is cut, and ends in six digits of its hash. */
export function bridgeName(network: string): string {
  const whole = prefix + network
  if (whole.length <= longest) return whole
  const digest = createHash('sha256').update(network).digest('hex').slice(0, 6)
  const room = longest - prefix.length - 1 - digest.length
  return `${prefix}${network.slice(0, room)}-${digest}`
}

/** `ndv` and the first 12 digits of the endpoint's id; a bridge's name has `-` instead of the `v`. */
export function vethName(endpointId: string): string {
  return `ndv${endpointId.slice(0, longest - 3)}`
}

/** Every link is created in this group ("nd" in ASCII): `ip link show group 28260`. */
export const linkGroup = 0x6e64

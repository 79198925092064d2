// Finds a subnet for who names none: private, and overlapping with nothing that is in use.
import { randomBytes } from 'node:crypto'
import { IpAddress, type Family } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'

// Away from what Docker (172.16.0.0/12, 192.168.0.0/16), podman (10.88.0.0/15), libvirt, the usual home routers and the
// usual Kubernetes ranges take without being asked.
const ipv4 = Subnet.parse('10.213.0.0/16')
const ipv4PrefixLength = 24

/** @throws NetdojoError `subnets-exhausted` */
export function chooseSubnet(family: Family, used: readonly { readonly subnet: Subnet }[]): Subnet {
  const candidates = family === 4 ? ipv4Candidates() : ipv6Candidates()
  for (const candidate of candidates)
    if (!used.some(({ subnet }) => subnet.overlaps(candidate))) return candidate
  throw new NetdojoError({
    code: 'subnets-exhausted',
    operation: 'choose',
    object: `an IPv${family} subnet`,
    reason: 'everything that it could be is in use',
    advice: ['remove networks that are not needed', 'name a subnet of your own'],
  })
}

function* ipv4Candidates(): Generator<Subnet> {
  const step = 1n << BigInt(32 - ipv4PrefixLength)
  for (let offset = 0n; offset < ipv4.size; offset += step)
    yield new Subnet(ipv4.first.plus(offset), ipv4PrefixLength)
}

/** A unique local /64: `fd`, then 40 random bits, so that networks of two machines can be joined later (RFC 4193 3.2). */
function* ipv6Candidates(): Generator<Subnet> {
  for (let attempt = 0; attempt < 16; attempt++) {
    const globalId = BigInt(`0x${randomBytes(5).toString('hex')}`)
    yield new Subnet(new IpAddress(6, (0xfdn << 120n) | (globalId << 80n)), 64)
  }
}

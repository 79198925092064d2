// Reads and writes published ports: which ports of the host lead to which ports of the container, for one protocol.
import { NetdojoError } from '../errors.ts'
import { IpAddress } from './ip-address.ts'
import { quote } from './quote.ts'

/** The protocols whose ports can be published. */
export type Protocol = 'tcp' | 'udp' | 'sctp'

/** Both ends included, 1 to 65535. */
export type PortRange = { readonly first: number; readonly last: number }

export type PortMapping = {
  /** The host's address that answers; all of its addresses when absent. */
  readonly hostAddress?: IpAddress
  /** As long as `containerPorts`, or a free one of them is chosen for one port; any free ports are chosen when absent. */
  readonly hostPorts?: PortRange
  readonly containerPorts: PortRange
  readonly protocol: Protocol
}

const protocols: readonly string[] = ['tcp', 'udp', 'sctp'] satisfies Protocol[]

const shape = /^(?:(?:(\[[^\]]*\]|[^:[\]]*):)?([\d-]*):)?([\d-]+)(?:\/(.*))?$/

/**
 * Reads Docker's form `[[HOST-ADDRESS:][HOST-PORTS]:]CONTAINER-PORTS[/PROTOCOL]`: `80:80`, `127.0.0.1:8080:80/udp`,
 * `8000-8010:8000-8010/tcp`, `[::1]:80:80`, and `80`, `0:80`, `127.0.0.1::80` or `8000-8010:80` to have a free host port chosen.
 * @throws NetdojoError `port-malformed`, or `address-malformed` for the host address.
 */
export function parsePortMapping(text: string): PortMapping {
  if (typeof text !== 'string') throw malformed(text, 'a port mapping must be a string')
  const parts = shape.exec(text)
  if (!parts || text.startsWith(':'))
    throw malformed(text, 'a port mapping must be [[ADDRESS:][PORTS]:]PORTS[/PROTOCOL]')
  const [, address, host, container = '', protocol = 'tcp'] = parts
  if (!isProtocol(protocol))
    throw malformed(text, `the protocol must be tcp, udp or sctp, not ${quote(protocol)}`)
  const containerPorts = parsePorts(text, container)
  const hostPorts = host && host !== '0' ? parsePorts(text, host) : undefined
  const length = lengthOf(containerPorts)
  if (hostPorts && length > 1 && lengthOf(hostPorts) !== length)
    throw malformed(
      text,
      'the range of host ports must be as long as the range of container ports, or lead to one port',
    )
  return {
    ...(address === undefined ? {} : { hostAddress: parseHostAddress(text, address) }),
    ...(hostPorts ? { hostPorts } : {}),
    containerPorts,
    protocol,
  }
}

/** The shortest text that reads back as the same mapping; the protocol is always there. */
export function formatPortMapping(mapping: PortMapping): string {
  const { hostAddress, hostPorts, containerPorts, protocol } = mapping
  const address = hostAddress?.family === 6 ? `[${hostAddress}]` : hostAddress
  const host = hostPorts ? formatPorts(hostPorts) : ''
  const start = address ? `${address}:${host}:` : host && `${host}:`
  return `${start}${formatPorts(containerPorts)}/${protocol}`
}

function isProtocol(text: string): text is Protocol {
  return protocols.includes(text)
}

function parsePorts(text: string, ports: string): PortRange {
  const ends = /^(\d+)(?:-(\d+))?$/.exec(ports)
  const [first = '', last = first] = ends?.slice(1) ?? []
  if (![first, last].every((port) => /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535))
    throw malformed(text, `a port must be between 1 and 65535, not ${quote(ports)}`)
  if (Number(first) > Number(last))
    throw malformed(text, 'the first port of a range must not come after the last')
  return { first: Number(first), last: Number(last) }
}

function parseHostAddress(text: string, address: string): IpAddress {
  const bracketed = address.startsWith('[')
  const parsed = IpAddress.parse(bracketed ? address.slice(1, -1) : address)
  if (bracketed !== (parsed.family === 6))
    throw malformed(text, 'an IPv6 address must be in brackets, and an IPv4 address must not')
  return parsed
}

function lengthOf({ first, last }: PortRange): number {
  return last - first + 1
}

function formatPorts({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}-${last}`
}

function malformed(text: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'port-malformed',
    operation: 'read the port mapping',
    object: quote(text),
    reason,
    advice: ['write it like 8080:80, 127.0.0.1:8080:80/udp or [::1]:8080:80'],
  })
}

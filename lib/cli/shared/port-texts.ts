// Writes published ports as Docker does: IPv6 addresses in brackets, and neighbouring ports as one range.
import type { PublishedPort } from '../../index.ts'

/** `0.0.0.0:8080->80/tcp`, `[::]:8000-8010->8000-8010/tcp`, in the order of protocol, address and port. */
export function portTexts(ports: readonly PublishedPort[]): readonly string[] {
  const ranges: { first: PublishedPort; last: PublishedPort }[] = []
  for (const port of ports.toSorted(compare)) {
    const range = ranges.at(-1)
    if (range && follows(port, range.last)) range.last = port
    else ranges.push({ first: port, last: port })
  }
  return ranges.map(
    ({ first, last }) =>
      `${hostOf(first)}:${span(first.hostPort, last.hostPort)}->${span(first.port, last.port)}/${first.protocol}`,
  )
}

/** An IPv6 address stands in brackets. */
export function hostOf({ hostAddress = '0.0.0.0' }: PublishedPort): string {
  return hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress
}

export function compare(a: PublishedPort, b: PublishedPort): number {
  const isSix = (port: PublishedPort) => Number(hostOf(port).startsWith('['))
  return (
    a.protocol.localeCompare(b.protocol) ||
    isSix(a) - isSix(b) ||
    hostOf(a).localeCompare(hostOf(b)) ||
    a.hostPort - b.hostPort ||
    a.port - b.port
  )
}

function follows(port: PublishedPort, before: PublishedPort): boolean {
  return (
    port.protocol === before.protocol &&
    port.hostAddress === before.hostAddress &&
    port.hostPort === before.hostPort + 1 &&
    port.port === before.port + 1
  )
}

function span(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`
}

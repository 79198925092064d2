// The entries of connection tracking, as conntrack(8) lists them.

/** One direction of a conversation; ICMP echoes have their id in the place of both ports. */
export type Direction = {
  readonly source: string
  readonly destination: string
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type Connection = {
  readonly protocol: string
  readonly original: Direction
  /** How an answer will arrive: what it is compared with, and turned back from. */
  readonly reply: Direction
}

export function readConnections(text: string): readonly Connection[] {
  return text.split('\n').flatMap((line) => {
    const protocol = /^\S+\s+\d+\s+(\S+)\s/.exec(line)?.[1]
    const directions = line.split(/(?=src=)/).slice(1)
    const [original, reply] = directions
    if (protocol === undefined || original === undefined || reply === undefined) return []
    return [
      {
        protocol: protocol.replace('icmpv6', 'icmp'),
        original: direction(original),
        reply: direction(reply),
      },
    ]
  })
}

function direction(text: string): Direction {
  const field = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1]
  const [source, destination] = [field('src') ?? '', field('dst') ?? '']
  const [from, to] = [field('sport') ?? field('id'), field('dport') ?? field('id')]
  if (from === undefined || to === undefined) return { source, destination }
  return { source, destination, sourcePort: Number(from), destinationPort: Number(to) }
}

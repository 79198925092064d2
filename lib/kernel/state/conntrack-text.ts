// Parses what `conntrack -L -o extended` prints, in the words of /proc/net/nf_conntrack.
import { given } from './links.ts'
import type { Connection, Tuple } from './state.ts'

/** `ipv4 2 tcp 6 119 TIME_WAIT src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… mark=0 …` */
export function connectionsIn(text: string): readonly Connection[] {
  return text.split('\n').flatMap((line) => {
    const [family, , protocol = '', number = '', , state = ''] = line.trim().split(/\s+/)
    const [original, reply] = [
      ...line.matchAll(
        /src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?(?: type=\d+ code=\d+ id=(\d+))?/g,
      ),
    ].map(tuple)
    if (!original || !reply) return []
    const mark = Number(/ mark=(\d+)/.exec(line)?.[1] ?? 0)
    return [
      {
        family: family === 'ipv6' ? 6 : 4,
        protocol: protocol === 'unknown' ? number : protocol,
        ...(/^[A-Z_\d]+$/.test(state) && !/^\d/.test(state) ? { state } : {}),
        original,
        reply,
        answered: !line.includes('[UNREPLIED]'),
        ...given('mark', mark === 0 ? undefined : mark),
      },
    ]
  })
}

function tuple([, source = '', destination = '', ...numbers]: RegExpMatchArray): Tuple {
  const [sourcePort, destinationPort, icmpId] = numbers.map((text) =>
    text === undefined ? undefined : Number(text),
  )
  return {
    source,
    destination,
    ...given('sourcePort', sourcePort),
    ...given('destinationPort', destinationPort),
    ...given('icmpId', icmpId),
  }
}

// What conntrack knows, in the words of /proc/net/nf_conntrack, which `conntrack -L -o extended` prints as well.
import type { Connection, Tuple } from '../../../kernel/state/state.ts'
import { byText } from './json.ts'

export function parseConnections(text: string): readonly Connection[] {
  return text
    .split('\n')
    .filter((line) => line.includes(' src='))
    .flatMap(connection)
    .toSorted(byText)
}

/** `ipv4 2 tcp 6 119 TIME_WAIT src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… mark=0 …` */
function connection(line: string): readonly Connection[] {
  const [family, , protocol = '', , , state = ''] = line.trim().split(/\s+/)
  const tuples = [...line.matchAll(/src=(\S+) dst=(\S+)(?: sport=(\d+) dport=(\d+))?/g)].map(tuple)
  const [original, reply] = tuples
  if (!original || !reply) return []
  return [
    {
      family: family === 'ipv6' ? 6 : 4,
      protocol,
      ...(/^[A-Z_]+$/.test(state) ? { state } : {}),
      original,
      reply,
      answered: !line.includes('[UNREPLIED]'),
    },
  ]
}

function tuple([, source = '', destination = '', sourcePort, destinationPort]: RegExpMatchArray) {
  return {
    source,
    destination,
    ...(sourcePort === undefined ? {} : { sourcePort: Number(sourcePort) }),
    ...(destinationPort === undefined ? {} : { destinationPort: Number(destinationPort) }),
  } satisfies Tuple
}

// Listening sockets and settings, from `grep -H ''` over files of /proc.
import { parseListeners } from '../../../kernel/listeners.ts'
import type { Listener } from '../../../kernel/state/state.ts'
import { byText } from './json.ts'

export function parseFiles(text: string) {
  const files = contents(text)
  const sockets = (['tcp', 'udp'] as const).flatMap((protocol) => {
    const four = listeners(protocol, 4, files.get(`net/${protocol}`))
    return four.concat(listeners(protocol, 6, files.get(`net/${protocol}6`)))
  })
  const settings = [...files]
    .filter(([path]) => path.startsWith('sys/'))
    .map(([path, value]) => [nameOf(path), value.trim().replaceAll('\t', ' ')] as const)
    .toSorted(byText)
  return { listeners: sockets.toSorted(byText), sysctls: Object.fromEntries(settings) }
}

/** `path:line`; no path of these has a colon, and an interface's name cannot. */
function contents(text: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    const path = line.slice(0, colon)
    if (colon > 0) files.set(path, `${files.get(path) ?? ''}${line.slice(colon + 1)}\n`)
  }
  return files
}

function listeners(protocol: 'tcp' | 'udp', family: 4 | 6, text = ''): Listener[] {
  return parseListeners(protocol, text).map(({ address, port }) => ({
    protocol,
    family,
    address: address?.toString() ?? (family === 6 ? '::' : '0.0.0.0'),
    port,
  }))
}

/** sysctl(8) writes dots for slashes, and slashes for the dots in the name of an interface. */
function nameOf(path: string): string {
  return path
    .slice('sys/'.length)
    .replaceAll(/[./]/g, (character) => (character === '.' ? '/' : '.'))
}

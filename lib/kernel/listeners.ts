// Which sockets of this host wait for others: asked of the kernel directly where that can be done, since it is much faster.
import type { Protocol } from '../address/port-mapping.ts'
import { listenersInFiles, type Listener } from './listener-files.ts'
import { loadLibc } from './netlink/libc.ts'
import { askForListeners } from './netlink/listeners.ts'

/** TCP sockets that listen, UDP sockets that are not connected to anybody; SCTP's are not told by the kernel in these forms. */
export async function readListeners(protocol: Protocol): Promise<readonly Listener[]> {
  if (protocol === 'sctp') return []
  return (await asked(protocol)) ?? listenersInFiles(protocol)
}

async function asked(protocol: 'tcp' | 'udp'): Promise<readonly Listener[] | undefined> {
  try {
    const libc = await loadLibc()
    return libc && askForListeners(libc, protocol)
  } catch {
    return undefined
  }
}

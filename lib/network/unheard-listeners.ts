// Finds programs of the host that listen on a published port: its packets go to the container, so such a program listens in vain.
import { holderOf } from '../kernel/listeners.ts'
import { familiesOf, listenerOn, readAllListeners } from './ports.ts'
import { titleOf, type EndpointRecord, type PublishedPort } from './records.ts'

/** A program of the host that listens on a published port, and that nobody outside reaches any more. */
export type UnheardListener = Pick<PublishedPort, 'protocol' | 'hostPort'> & {
  /** With its process, where this user may see it. */
  readonly program: string
  /** The network. */
  readonly network: string
  /** The id of the endpoint that publishes the port. */
  readonly endpoint: string
  /** All of this in one sentence. */
  readonly message: string
}

/** `connect` refuses a port that somebody listens on; this finds the programs that came later. */
export async function findUnheardListeners(
  endpoints: readonly EndpointRecord[],
): Promise<readonly UnheardListener[]> {
  const listeners = await readAllListeners(endpoints.flatMap(({ ports }) => ports))
  const found: UnheardListener[] = []
  for (const endpoint of endpoints)
    for (const port of endpoint.ports) {
      const listener = listenerOn(port, familiesOf(endpoint.addresses), listeners)
      if (!listener) continue
      const { protocol, hostPort } = port
      const program = (await holderOf(listener)) ?? 'a program of another user'
      found.push({
        protocol,
        hostPort,
        program,
        network: endpoint.network,
        endpoint: endpoint.id,
        message: `${program} listens on port ${hostPort}/${protocol} of the host in vain: ${titleOf(endpoint)} publishes this port on the network ${endpoint.network}`,
      })
    }
  return found
}

// Warns of programs of the host that listen on a published port in vain; the warning goes to standard error.
import type { EndpointRecord } from '../../network/records.ts'
import type { Terminal } from './terminal.ts'

export async function warnOfUnheard(
  terminal: Terminal,
  endpoints: readonly EndpointRecord[],
): Promise<void> {
  const publishing = endpoints.filter(({ ports }) => ports.length > 0)
  if (publishing.length === 0) return
  const { findUnheardListeners } = await import('../../network/unheard-listeners.ts')
  for (const { message } of await findUnheardListeners(publishing))
    terminal.writeError(`warning: ${message}\n`)
}

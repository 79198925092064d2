// Starts the worlds of the page in a container or virtual machine: a program there enters a sandbox, and its standard streams are the
// channel to the server, which stays here.
import { once } from 'node:events'
import { enterChannelled } from '../../../sandbox/enter.ts'
import type { Inside } from '../../../sandbox/backend.ts'
import type { LabOptions } from '../../../web/server/lab.ts'
import { noteTo, type RemoteBackend } from '../../shared/backend.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { insideCommand } from '../request.ts'

export function startThere(backend: RemoteBackend, terminal: Terminal): LabOptions['start'] {
  const note = noteTo(terminal)
  return async (world) => {
    const [, ...request] = insideCommand({ kind: 'web', world })
    const there: Inside = ['lib/cli/start.js', 'web-there', ...request]
    if (backend === 'container') {
      const { channelInContainer } = await import('../../../sandbox/container/channel.ts')
      return channelInContainer(there, note)
    }
    const { channelInVm } = await import('../../../sandbox/vm/run.ts')
    return channelInVm(there, note)
  }
}

/** Runs on the other side: enters a sandbox there, which ends with the connection. */
export async function enterThere(request: readonly string[]): Promise<number> {
  const { channel, ended, kill } = enterChannelled(['lib/cli/start.js', ...request])
  process.stdin.pipe(channel)
  process.stdin.once('end', kill)
  channel.pipe(process.stdout, { end: false })
  const { exitCode } = await ended
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  process.stdin.destroy()
  return exitCode
}

// Adds further machines to the wire of the world (lib/sandbox/world.sh), which must be as it was at its start.
import { join } from 'node:path'
import { NetdojoError, commandFor } from '../errors.ts'
import { run } from '../exec/run.ts'

/** Addresses from 203.0.113.12 on: the last is 203.0.113.210. */
export const mostMachines = 200

let added: Promise<void> | undefined

/**
 * A process has one world: later calls wait for the first one.
 * @param count of all machines, with `host`. @throws NetdojoError `sandbox-failed`
 */
export function addMachines(count: number): Promise<void> {
  return (added ??= count < 2 ? Promise.resolve() : add(count))
}

async function add(count: number): Promise<void> {
  const script = join(import.meta.dirname, '../sandbox/world.sh')
  const args = [script, '--machines', String(count)]
  const { exitCode, stderr } = await run('sh', args, { input: '', allowFailure: true })
  if (exitCode === 0) return
  throw new NetdojoError({
    code: 'sandbox-failed',
    operation: 'add',
    object: `${count - 1} machines to the world`,
    reason: stderr.trim() || 'world.sh failed without a message',
    advice: [`${commandFor.doctor} shows what this machine lacks`],
  })
}

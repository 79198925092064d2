// In a container or virtual machine: enters a sandbox for a workshop that was started elsewhere, and passes on what it tells.
import { openSync, writeSync } from 'node:fs'
import { feed } from '../../exec/feed.ts'
import type { WorkshopRequest } from '../request.ts'
import { sandboxIn } from './sandbox.ts'

/** @param words the named pipe at whose other end it is read, and the program that is to run in the sandbox. */
export async function main([toldBy = '', ...inside]: readonly string[]): Promise<number> {
  // Whoever is first makes it; to open it, each waits for the other.
  await feed('mkfifo', [toldBy], { input: '' })
  const told = openSync(toldBy, 'w')
  const [program = '', request = ''] = inside
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see far.ts
  const { plain } = JSON.parse(request) as WorkshopRequest
  const sandbox = sandboxIn('namespaces', plain)
  return sandbox(['lib/cli/start.js', program, request], (line) => writeSync(told, `${line}\n`))
}

// Runs a program of the project in a container of its own, on our terminal; the container never outlives us, however we end.
import { setTimeout as sleep } from 'node:timers/promises'
import { onAbandoned } from '../../exec/abandoned.ts'
import { NetdojoError } from '../../errors.ts'
import type { Inside, SideChannel } from '../backend.ts'
import { connectToEngine } from './engine.ts'
import { execute, listen } from './execute.ts'
import { ensureImage } from './image.ts'
import { startContainer } from './start.ts'

const interrupted = 130
const graceForLastLines = 2000

/**
 * The program sees the repository read-only, and runs as the container's root.
 * @param say told what takes long: the image that must be built first.
 * @param sideChannel for a program that tells something besides; afterwards, our standard input can be read again.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused` or `sandbox-failed`
 */
export async function runInContainer(
  inside: Inside,
  say: (text: string) => void,
  sideChannel?: SideChannel,
): Promise<number> {
  const engine = await connectToEngine()
  const image = await ensureImage(engine, say)
  try {
    await using container = await startContainer(engine, image)
    // With a terminal, Ctrl-C is a key of the program inside; this is for the other ways to be told to end.
    const ended = Promise.withResolvers<number>()
    const stopWatching = onAbandoned(() => ended.resolve(interrupted))
    try {
      const { id } = container
      const told = sideChannel && listen(engine, id, sideChannel)
      const exitCode = await Promise.race([execute(engine, id, inside, sideChannel), ended.promise])
      // The last that it has told is on its way; one that could not even begin has told nothing.
      await Promise.race([told, sleep(graceForLastLines, null, { ref: false })])
      return exitCode
    } finally {
      stopWatching()
    }
  } catch (error) {
    if (error instanceof NetdojoError) throw error
    throw new NetdojoError({
      code: 'sandbox-failed',
      operation: 'run',
      object: `a container of ${image}`,
      reason: error instanceof Error ? error.message.trim() : String(error),
      cause: error,
    })
  }
}

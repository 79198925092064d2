// Runs a program of the project in a container of its own, on our terminal. The container ends with us, however we end.
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
 * @param report called with what takes long: the build of the image.
 * @param sideChannel given for a program after which our standard input is still needed.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused` or `sandbox-failed`
 */
export async function runInContainer(
  inside: Inside,
  report: (text: string) => void,
  sideChannel?: SideChannel,
): Promise<number> {
  const engine = await connectToEngine()
  const image = await ensureImage(engine, report)
  try {
    await using container = await startContainer(engine, image)
    // On a terminal, the program inside receives Ctrl-C as a key. This is for signals, and for the end of npm.
    const ended = Promise.withResolvers<number>()
    const stopWatching = onAbandoned(() => ended.resolve(interrupted))
    try {
      const { id } = container
      const lines = sideChannel && listen(engine, id, sideChannel)
      const exitCode = await Promise.race([execute(engine, id, inside, sideChannel), ended.promise])
      // Its last lines may still be on their way. A program that could not start has written none.
      await Promise.race([lines, sleep(graceForLastLines, null, { ref: false })])
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

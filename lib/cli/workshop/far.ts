// The sandbox of a workshop in a container or virtual machine. What it tells comes home while it runs: progress is kept where the
// workshop was started, and a connection that breaks loses nothing.
import { randomUUID } from 'node:crypto'
import type { Inside } from '../../sandbox/backend.ts'
import { say, type RemoteBackend } from '../place.ts'
import type { Sandbox } from './sandbox.ts'

/** The place is there then: nobody is asked anything before. @throws NetdojoError `sandbox-refused`, `sandbox-failed` */
export async function sandboxAt(place: RemoteBackend): Promise<Sandbox> {
  const run = await runnerIn(place)
  return ([, ...request], onLine) => {
    const toldBy = `/tmp/netdojo-${randomUUID()}`
    const there: Inside = ['lib/cli/start.js', 'workshop-there', toldBy, ...request]
    return run(there, say, { pipe: toldBy, onLine: (line) => onLine(line, () => {}) })
  }
}

async function runnerIn(place: RemoteBackend) {
  if (place === 'container') {
    const [{ connectToEngine }, { ensureImage }, { runInContainer }] = await Promise.all([
      import('../../sandbox/container/engine.ts'),
      import('../../sandbox/container/image.ts'),
      import('../../sandbox/container/run.ts'),
    ])
    await ensureImage(await connectToEngine(), say)
    return runInContainer
  }
  const { ready, runInVm } = await import('../../sandbox/vm/run.ts')
  await ready(say)
  return runInVm
}

// Enters the sandbox of a workshop in any backend, passes the messages of the program inside on, and draws the pictures that it asks for.
import { randomUUID } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { run } from '../../../exec/run.ts'
import type { OnLine } from '../../../exec/hand-over.ts'
import { smallTopology, type Topology } from '../../../observe/topology/topology.ts'
import type { Inside, LocalBackend } from '../../../sandbox/backend.ts'
import { enter } from '../../../sandbox/enter.ts'
import type { Left } from '../../../workshop/dialogue.ts'
import type { Update } from '../../../workshop/progress.ts'
import { noteTo, type RemoteBackend } from '../../shared/backend.ts'
import type { Terminal } from '../../shared/terminal.ts'
import type { WorkshopRequest } from '../request.ts'

/** A message of the program inside. */
export type Message =
  | { readonly kind: 'progress'; readonly update: Update }
  /** The number of lines of the script that are used up. */
  | { readonly kind: 'script'; readonly at: number }
  | { readonly kind: 'left'; readonly left: Left | null }
  /** Asks for a picture; the pictures come back in the order of the questions. */
  | { readonly kind: 'draw'; readonly topology: Topology }

export type Picture = { readonly text: string } | { readonly error: string }

/** Answers with a `Picture` as one line of JSON. */
type Draw = (topology: Topology, answer: (line: string) => void) => Promise<void>

/** Runs a program inside; it may be called several times. @returns the exit code. */
export type Sandbox = (inside: Inside, onLine: OnLine) => Promise<number>

export function sandboxIn(backend: LocalBackend, plain: boolean, columns: number): Sandbox {
  let loading: Promise<Draw> | undefined
  return (inside, onLine) => {
    const entered = enter(inside, backend, {
      hasShells: true,
      onLine: (line, answer) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by learner.ts
        const message = JSON.parse(line) as Message
        if (message.kind !== 'draw') return onLine(line, answer)
        return void loading?.then(
          (draw) => draw(message.topology, answer),
          (error: unknown) => answer(JSON.stringify({ error: String(error) })),
        )
      },
    })
    // The sandbox starts first: loading takes the processor.
    if (!plain) loading ??= drawing(columns)
    return entered
  }
}

/**
 * Loads what draws pictures. ELK takes longer to load than everything else: here it loads while the sandbox is built and the
 * earlier steps are applied, so that the learner does not wait for the first picture.
 */
async function drawing(columns: number): Promise<Draw> {
  const [{ usualCharset }, { topologyText }] = await Promise.all([
    import('../../../observe/topology/canvas.ts'),
    import('../../../observe/topology/text.ts'),
  ])
  const options = { columns: columns - 3, charset: usualCharset() }
  // ELK's first picture takes ten times as long as the second: this is the first.
  await topologyText(smallTopology, options)
  const draw = async (topology: Topology): Promise<Picture> => {
    try {
      return { text: await topologyText(topology, options) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  return async (topology, answer) => answer(JSON.stringify(await draw(topology)))
}

/** Starts the backend before the learner is asked anything. @throws NetdojoError `sandbox-refused`, `sandbox-failed` */
export async function sandboxAt(backend: RemoteBackend, terminal: Terminal): Promise<Sandbox> {
  const note = noteTo(terminal)
  const run = await runnerIn(backend, note)
  return ([, ...request], onLine) => {
    const pipe = `/tmp/netdojo-${randomUUID()}`
    const there: Inside = ['lib/cli/start.js', 'workshop-there', pipe, ...request]
    return run(there, note, { pipe, onLine: (line) => onLine(line, () => {}) })
  }
}

async function runnerIn(backend: RemoteBackend, note: (text: string) => void) {
  if (backend === 'container') {
    const [{ connectToEngine }, { ensureImage }, { runInContainer }] = await Promise.all([
      import('../../../sandbox/container/engine.ts'),
      import('../../../sandbox/container/image.ts'),
      import('../../../sandbox/container/run.ts'),
    ])
    await ensureImage(await connectToEngine(), note)
    return runInContainer
  }
  const { ready, runInVm } = await import('../../../sandbox/vm/run.ts')
  await ready(note)
  return runInVm
}

/** Runs on the other side, in a container or virtual machine: enters a sandbox there and writes its messages into the named pipe. */
export async function enterThere([pipe = '', ...inside]: readonly string[]): Promise<number> {
  // The first of both sides creates the pipe; opening it waits for the other side.
  await run('mkfifo', [pipe], { input: '', allowFailure: true })
  const messages = openSync(pipe, 'w')
  const [program = '', request = ''] = inside
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by sandboxAt
  const { plain, columns } = JSON.parse(request) as WorkshopRequest
  const sandbox = sandboxIn('namespaces', plain, columns)
  return sandbox(['lib/cli/start.js', program, request], (line) => writeSync(messages, `${line}\n`))
}

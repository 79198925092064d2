// Enters the sandbox of a workshop, here, in a container or in a virtual machine, passes on what it tells, and draws for it meanwhile.
import { randomUUID } from 'node:crypto'
import { openSync, writeSync } from 'node:fs'
import { runWithInput } from '../../../exec/run-with-input.ts'
import type { OnLine } from '../../../exec/hand-over.ts'
import type { Topology } from '../../../observe/topology/topology.ts'
import type { Inside, LocalBackend } from '../../../sandbox/backend.ts'
import { enter } from '../../../sandbox/enter.ts'
import type { Left } from '../../../workshop/dialogue.ts'
import type { Update } from '../../../workshop/progress.ts'
import { noteTo, type RemoteBackend } from '../../shared/backend.ts'
import type { Terminal } from '../../shared/terminal.ts'
import type { WorkshopRequest } from '../request.ts'

export type Message =
  | { readonly kind: 'progress'; readonly update: Update }
  /** How many lines of the script are said. */
  | { readonly kind: 'script'; readonly at: number }
  | { readonly kind: 'left'; readonly left: Left | null }
  /** Is answered, one after the other. */
  | { readonly kind: 'draw'; readonly topology: Topology }

export type Picture = { readonly text: string } | { readonly error: string }

/** Answers with a line of JSON: a `Picture`. */
type Draw = (topology: Topology, answer: (line: string) => void) => Promise<void>

/** May be called again and again. @returns the exit code. */
export type Sandbox = (inside: Inside, onLine: OnLine) => Promise<number>

export function sandboxIn(place: LocalBackend, plain: boolean): Sandbox {
  let loading: Promise<Draw> | undefined
  return (inside, onLine) => {
    const entered = enter(inside, place, {
      hasShells: true,
      onLine: (line, answer) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see outside.ts
        const message = JSON.parse(line) as Message
        if (message.kind !== 'draw') return onLine(line, answer)
        return void loading?.then((draw) => draw(message.topology, answer))
      },
    })
    // Not before it is on its way.
    if (!plain) loading ??= drawing()
    return entered
  }
}

/**
 * Draws for the program inside the sandbox, and begins to load what that takes: ELK takes longer to load than all the rest. It
 * is loaded while the sandbox is built and the steps before are done again, so that nobody waits for the first picture.
 */
async function drawing(): Promise<Draw> {
  const [{ usualCharset }, { columns }, { topologyText }] = await Promise.all([
    import('../../../observe/topology/canvas.ts'),
    import('../../../language/wrap.ts'),
    import('../../../observe/topology/text.ts'),
  ])
  const options = { columns: columns - 3, charset: usualCharset() }
  // The first picture takes ten times as long as the second.
  await topologyText(small, options)
  const draw = async (topology: Topology): Promise<Picture> => {
    try {
      return { text: await topologyText(topology, options) }
    } catch (error) {
      return { error: String(error) }
    }
  }
  return async (topology, answer) => answer(JSON.stringify(await draw(topology)))
}

const small: Topology = {
  version: 1,
  nodes: ['host', 'outside'].map((name) => ({
    name,
    forwards: false,
    bridges: [],
    interfaces: [{ name: 'eth0', up: true, addresses: [] }],
    marks: [],
  })),
  cables: [
    {
      ends: [
        { node: 'host', link: 'eth0' },
        { node: 'outside', link: 'eth0' },
      ],
      up: true,
    },
  ],
}

/** The place is there then: nobody is asked anything before. @throws NetdojoError `sandbox-refused`, `sandbox-failed` */
export async function sandboxAt(backend: RemoteBackend, terminal: Terminal): Promise<Sandbox> {
  const note = noteTo(terminal)
  const run = await runnerIn(backend, note)
  return ([, ...request], onLine) => {
    const toldBy = `/tmp/netdojo-${randomUUID()}`
    const there: Inside = ['lib/cli/start.js', 'workshop-there', toldBy, ...request]
    return run(there, note, { pipe: toldBy, onLine: (line) => onLine(line, () => {}) })
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

/** @param words the named pipe at whose other end it is read, and the program that is to run in the sandbox. */
export async function enterThere([toldBy = '', ...inside]: readonly string[]): Promise<number> {
  // Whoever is first makes it; to open it, each waits for the other.
  await runWithInput('mkfifo', [toldBy], { input: '' })
  const told = openSync(toldBy, 'w')
  const [program = '', request = ''] = inside
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see far.ts
  const { plain } = JSON.parse(request) as WorkshopRequest
  const sandbox = sandboxIn('namespaces', plain)
  return sandbox(['lib/cli/start.js', program, request], (line) => writeSync(told, `${line}\n`))
}

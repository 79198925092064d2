// Enters the sandbox of a workshop on this machine, and draws for it meanwhile; all else that it tells is passed on.
import type { OnLine } from '../../exec/hand-over.ts'
import { enter } from '../../sandbox/enter.ts'
import type { Inside, LocalBackend } from '../../sandbox/backend.ts'
import type { Draw } from './draw.ts'
import type { Message } from './message.ts'

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
    if (!plain) loading ??= import('./draw.ts').then(({ drawing }) => drawing())
    return entered
  }
}

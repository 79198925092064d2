// What the program inside the sandbox has from the one outside, on descriptor 4: it keeps the progress, since the sandbox may not
// see the user's files as they are; and it draws, since it has nothing else to do, and what draws takes longest to load.
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Drawer } from '../../workshop/tools.ts'
import type { Message, Picture } from './message.ts'

const descriptor = 4

export function send(message: Message): void {
  writeSync(descriptor, `${JSON.stringify(message)}\n`)
}

/** To be made once. */
export function drawnOutside(): Drawer {
  // It is a socket, not a pipe: child_process(3) 'stdio'. Nobody waits for it who has not asked.
  const answers = new Socket({ fd: descriptor })
  const waiting: PromiseWithResolvers<string>[] = []
  createInterface({ input: answers }).on('line', (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see ../workshop.ts
    const picture = JSON.parse(line) as Picture
    const asked = waiting.shift()
    if ('text' in picture) asked?.resolve(picture.text)
    else asked?.reject(new Error(picture.error))
  })
  return (topology) => {
    const asked = Promise.withResolvers<string>()
    waiting.push(asked)
    send({ kind: 'draw', topology })
    return asked.promise
  }
}

// What a server of the lab has written down so far: the other end's view of who came.
import { verbatim } from '../../language/message.ts'
import type { Server } from '../node.ts'
import { repeatedly, type Probe } from '../probe.ts'

export function log(server: Server): Probe {
  return {
    node: server.node,
    line: `${server.line}   # its log`,
    observe: (wanted) =>
      repeatedly(wanted, async () => {
        const output = server.log()
        const summary = verbatim(output.trim().split('\n').at(-1) ?? '')
        return { outcome: 'answered', summary, output }
      }),
  }
}

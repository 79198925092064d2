// Runs any command whose output is the answer, for example `ip route get`.
import { message, verbatim } from '../../language/message.ts'
import type { LabNode } from '../node.ts'
import { readPing } from './ping.ts'
import { neverRan, repeatedly, type Probe } from '../probe.ts'

/** Used as ``output(host)`ip route get 172.18.0.2` ``. */
export function output(node: LabNode) {
  return (pieces: TemplateStringsArray, ...values: unknown[]): Probe => ({
    node,
    line: node.line(pieces, ...values),
    observe: (wanted) =>
      repeatedly(wanted, async () => {
        const { stdout, stderr, exitCode } = await node.ask(pieces, ...values)
        // The first line of ping says nothing about the result.
        if (node.line(pieces, ...values).startsWith('ping ')) return readPing(stdout, stderr)
        const text = [stdout, stderr].filter(Boolean).join('')
        const [first = ''] = text.trim().split('\n')
        const summary = first === '' ? message('no output') : verbatim(first)
        if (exitCode === 0) return { outcome: 'answered', summary, output: text }
        return { outcome: neverRan(stderr) ? 'broken' : 'failed', summary, output: text }
      }),
  })
}

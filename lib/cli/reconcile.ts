// `reconcile`: what the library found and mended, a line each.
import type { Reconciliation } from '../index.ts'
import { change } from './change.ts'
import type { ChangeFlags } from './options.ts'
import type { Terminal } from './terminal.ts'

export async function reconcile(terminal: Terminal, options: ChangeFlags): Promise<void> {
  await change(terminal, options, async ({ networks, say }) => {
    const lines = linesOf(await networks.reconcile())
    if (lines.length === 0) lines.push('Everything is as the records say.')
    for (const line of lines) say(line)
  })
}

function linesOf({ settled, lost, repaired }: Reconciliation): string[] {
  return [
    ...settled.map(({ change, network }) =>
      change === 'create' || change === 'connect'
        ? `Took back what an interrupted ${change} of ${network} had begun.`
        : `Finished the interrupted ${change} of ${network}.`,
    ),
    ...lost.map(
      ({ id, network, netns, addresses }) =>
        `Freed ${addresses.join(', ')} of ${network}: its endpoint ${id} (${netns}) is gone.`,
    ),
    ...repaired.map((title) => `${title}.`),
  ]
}

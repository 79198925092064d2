// Ends containers one after the other; with --explain it first says what that takes, with --dry-run it says only that.
import type { Containers } from '../../index.ts'
import { useContainers } from '../open-containers.ts'
import type { ChangeFlags } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { forEach } from './each.ts'

type Ending = {
  readonly plan: (containers: Containers, name: string) => Promise<void>
  readonly act: (containers: Containers, name: string) => Promise<unknown>
}

export async function endEach(
  names: readonly string[],
  terminal: Terminal,
  flags: ChangeFlags,
  { plan, act }: Ending,
): Promise<void> {
  const dryRun = flags.dryRun ?? false
  const isScript = flags.explain ?? dryRun
  const tell = (paragraph: string) => terminal.write(`${paragraph}\n\n`)
  // Told from a copy, and before it is done: most of it is done by the container's monitor, which tells nobody.
  const told = (name: string) =>
    useContainers((containers) => plan(containers, name), { dryRun: true }, tell)
  if (dryRun) terminal.write('# Nothing is changed: these are the commands that would be run.\n\n')
  const all = (act: (name: string) => Promise<unknown>) =>
    forEach(names, terminal, act, { isScript })
  // The state itself is not even opened.
  if (dryRun) return all(told)
  await useContainers((containers) =>
    all(async (name) => {
      if (isScript) await told(name)
      await act(containers, name)
    }),
  )
}

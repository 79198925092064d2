// Networks opened for a change that says what it does: with --explain as it happens, with --dry-run instead.
import {
  type Applier,
  type Networks,
  type Operation,
  type Plan,
  explain,
  openNetworks,
} from '../../index.ts'
import { commandOf } from '../../kernel/command.ts'
import { netlinkApplier } from '../../kernel/apply.ts'
import { copyToMemory } from '../../store/copy.ts'
import type { ChangeFlags } from './options.ts'
import { stateDirectory } from './state-directory.ts'
import type { Terminal } from './terminal.ts'

export type Change = {
  readonly networks: Networks
  /** Prints a result; among commands as a comment, so that all that was printed can be pasted. */
  readonly say: (text: string) => void
}

/** What is printed does the same when it is pasted into a root shell of a host in the same state. */
export async function change(
  terminal: Terminal,
  flags: ChangeFlags,
  act: (change: Change) => Promise<void>,
): Promise<void> {
  const { dryRun = false, explain: isExplained = false } = flags
  const script = scriptWriter(terminal)
  if (dryRun) script.paragraph('# Nothing is changed: these are the commands that would be run.')
  const directory = stateDirectory()
  await using networks = await openNetworks({
    ...(dryRun ? { store: await copyToMemory(directory) } : { stateDirectory: directory }),
    ...(dryRun || isExplained
      ? { onPlan: script.announce, applier: script.before(dryRun ? nothing : netlinkApplier) }
      : {}),
  })
  const say = (text: string) => {
    // A dry run has no results.
    if (isExplained && !dryRun) script.paragraph(`# ${text}`)
    else if (!dryRun) terminal.write(`${text}\n`)
  }
  await act({ networks, say })
}

const nothing: Applier = { apply: async () => {}, [Symbol.asyncDispose]: async () => {} }

const unannounced = '# Finish or take back what was not brought to its end'

/**
 * Writes each plan, and besides whatever is applied without one: what takes back a change that failed, or that
 * somebody's crash left half done.
 */
function scriptWriter(terminal: Terminal) {
  const announced = new Set<Operation>()
  let isFirst = true
  const paragraph = (text: string) => {
    terminal.write(isFirst ? `${text}\n` : `\n${text}\n`)
    isFirst = false
  }
  return {
    paragraph,
    announce: (plan: Plan) => {
      for (const { operations } of plan.steps)
        for (const operation of operations) announced.add(operation)
      paragraph(explain(plan))
    },
    before: (applier: Applier): Applier => {
      return {
        async apply(operations, options) {
          const others = operations.filter((operation) => !announced.has(operation))
          if (others.length > 0) paragraph([unannounced, ...others.map(commandOf)].join('\n'))
          await applier.apply(operations, options)
        },
        [Symbol.asyncDispose]: () => applier[Symbol.asyncDispose](),
      }
    },
  }
}

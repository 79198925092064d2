// Opens the networks for a change: --explain also prints the commands of the change, --dry-run prints them and changes nothing.
import type { Applier, Networks, Operation, Plan } from '../../index.ts'
import { clusterOptions } from './cluster.ts'
import type { ChangeFlags } from './options.ts'
import { stateDirectory } from './state-directory.ts'
import type { Terminal } from './terminal.ts'

export type Change = {
  readonly networks: Networks
  /** Prints a result; between commands it is a comment, so that the whole output can be pasted. */
  readonly report: (text: string) => void
}

/** Pasted into a root shell of a host in the same state, the printed commands make the same change. */
export async function change(
  terminal: Terminal,
  { dryRun = false, explain = false }: ChangeFlags,
  act: (change: Change) => Promise<void>,
): Promise<void> {
  const directory = stateDirectory()
  // Loading the library takes longer than Node's own start, and --help and completion do not need it.
  const { openNetworks } = await import('../../network/open-networks.ts')
  if (!dryRun && !explain) {
    const cluster = await clusterOptions(directory)
    await using networks = await openNetworks({ stateDirectory: directory, ...cluster })
    return await act({ networks, report: (text) => terminal.write(`${text}\n`) })
  }
  const script = await scriptWriter(terminal)
  if (dryRun) script.paragraph(dryRunTitle)
  await using networks = await openNetworks({
    ...(dryRun
      ? await copyOf(directory)
      : { stateDirectory: directory, ...(await clusterOptions(directory)) }),
    applier: script.before(dryRun ? nothing : script.applier),
    onPlan: script.announce,
  })
  // A dry run has no results.
  return await act({
    networks,
    report: (text) => (dryRun ? undefined : script.paragraph(`# ${text}`)),
  })
}

const dryRunTitle = '# Nothing is changed: these are the commands that would be run.'

/** Applies nothing. */
export const nothing: Applier = { apply: async () => {}, [Symbol.asyncDispose]: async () => {} }

async function copyOf(directory: string) {
  const { copyToMemory } = await import('../../store/copy.ts')
  return { store: await copyToMemory(directory) }
}

/** The title of operations without a plan, which undo a failed change or the change of a crashed process. */
const unannounced = '# Finish or undo an interrupted change'

async function scriptWriter(terminal: Terminal) {
  const [{ explain }, { netlinkApplier }, { commandOf }] = await Promise.all([
    import('../../network/plan.ts'),
    import('../../kernel/apply.ts'),
    import('../../kernel/command.ts'),
  ])
  const announced = new Set<Operation>()
  let isFirst = true
  const paragraph = (text: string) => {
    terminal.write(isFirst ? `${text}\n` : `\n${text}\n`)
    isFirst = false
  }
  return {
    paragraph,
    applier: netlinkApplier,
    announce: (plan: Plan) => {
      for (const { operations } of plan.steps)
        for (const operation of operations) announced.add(operation)
      paragraph(explain(plan))
    },
    before: (applier: Applier): Applier => ({
      async apply(operations, options) {
        const others = operations.filter((operation) => !announced.has(operation))
        if (others.length > 0) paragraph([unannounced, ...others.map(commandOf)].join('\n'))
        await applier.apply(operations, options)
      },
      [Symbol.asyncDispose]: () => applier[Symbol.asyncDispose](),
    }),
  }
}

// Makes the operations of the library commands of a scenario: each is shown as a command, and can be left out.
import { dirname, join } from 'node:path'
import dedent from 'dedent'
import type { Applier, ApplyOptions } from '../kernel/plan.ts'
import type { Operation } from '../kernel/operation.ts'
import { processOutput, type CommandOutput, type LabCommand } from './node.ts'

/** Options for `openNetworks` and `openContainers` in a scenario. */
export type Library = {
  /** Ends with the sandbox. */
  readonly stateDirectory: string
  /** Where containers find the lab's web server. */
  readonly tools: readonly string[]
  /** Applies one operation at a time, so that each can be left out. */
  readonly applier: Applier
  /** Remembers the titles of a plan's steps, which are shown before their first operations. */
  readonly onPlan: (plan: {
    /** The steps, in order. */
    readonly steps: readonly PlanStep[]
  }) => void
  /** For `openContainers`: shows the other steps of a container, which are not commands of the scenario. */
  readonly onStep: (step: {
    /** What the commands do. */
    readonly title: string
    /** The equivalent commands. */
    readonly commands: readonly string[]
  }) => void
}

/** A titled part of a plan of the library. */
export type PlanStep = {
  /** What the operations do. */
  readonly title: string
  /** The operations, in order. */
  readonly operations: readonly Operation[]
}

/**
 * @param run decides whether an operation is applied.
 * @param onPart is called before the first operation of a step, and for steps without operations.
 */
export function scenarioLibrary(
  run: (command: LabCommand) => Promise<CommandOutput>,
  onPart: (part: { readonly title: string; readonly line?: string | undefined }) => void,
): Library {
  const titles = new Map<Operation, string>()
  let loading: ReturnType<typeof loadKernel> | undefined
  return {
    stateDirectory: '/run/netdojo/state',
    tools: [join(import.meta.dirname, '../sandbox/bin'), dirname(process.execPath)],
    applier: {
      async apply(plan, options) {
        const { applier, commandOf } = await (loading ??= loadKernel())
        for (const operation of plan) {
          const title = titles.get(operation)
          if (title !== undefined) onPart({ title })
          await run({
            node: 'host',
            line: commandOf(operation),
            works: true,
            typed: false,
            run: () => outcomeOf(applier, operation, options),
          })
        }
      },
      async [Symbol.asyncDispose]() {},
    },
    onPlan: ({ steps }) => {
      for (const { title, operations } of steps) if (operations[0]) titles.set(operations[0], title)
    },
    onStep: ({ title, commands }) => {
      // Steps with many commands write files, which does not concern networks.
      const [command, ...more] = commands
      onPart({ title, line: more.length === 0 ? command : undefined })
    },
  }
}

/** Loaded at the first call, because most scenarios do not use the library. */
async function loadKernel() {
  const [{ netlinkApplier }, { commandOf }] = await Promise.all([
    import('../kernel/apply.ts'),
    import('../kernel/command.ts'),
  ])
  return { applier: netlinkApplier, commandOf }
}

async function outcomeOf(
  applier: Applier,
  operation: Operation,
  options: ApplyOptions | undefined,
): Promise<CommandOutput> {
  try {
    await applier.apply([operation], options)
    return processOutput(0)
  } catch (error) {
    return processOutput(1, error instanceof Error ? error.message : String(error))
  }
}

/** The source of the call without its indentation. */
export function sourceOf(call: () => Promise<unknown>): string {
  const body = String(call).replace(/^(async\s*)?\(\)\s*=>\s*/, '')
  const block = /^\{\n(.*)\n\s*\}$/s.exec(body)?.[1]
  if (block !== undefined) return dedent(block)
  const [first = '', ...rest] = body.split('\n')
  const indent = Math.min(...rest.filter((line) => line.trim()).map((line) => line.search(/\S/)))
  return [`await ${first}`, ...rest.map((line) => line.slice(indent))].join('\n')
}

// The library within a scenario: a call is shown as it is written, and under it each operation of its plan, as the command that it amounts to.
import dedent from 'dedent'
import type { Applier, ApplyOptions } from '../kernel/applier.ts'
import { commandOf } from '../kernel/command.ts'
import type { Operation } from '../kernel/operation.ts'
import { persistentApplier } from '../kernel/persistent-applier.ts'
import type { ProcessOutput } from 'zx/core'
import { said, type Told } from './node.ts'

export type Library = {
  /** One operation at a time, so that each can be left out. */
  readonly applier: Applier
  /** The titles of a plan's steps are told with their first operations. */
  readonly onPlan: (plan: { readonly steps: readonly PlanStep[] }) => void
}

type PlanStep = { readonly title: string; readonly operations: readonly Operation[] }

/** `tell` decides whether an operation is applied; `onTitle` is called before the first of a step. */
export function toldLibrary(
  tell: (told: Told) => Promise<ProcessOutput>,
  onTitle: (title: string) => void,
): Library {
  const applier = persistentApplier()
  const titles = new Map<Operation, string>()
  return {
    applier: {
      async apply(plan, options) {
        for (const operation of plan) {
          const title = titles.get(operation)
          if (title !== undefined) onTitle(title)
          const run = () => outcomeOf(applier, operation, options)
          await tell({ node: 'host', line: commandOf(operation), works: true, run })
        }
      },
      // It ends with the sandbox.
      async [Symbol.asyncDispose]() {},
    },
    onPlan: ({ steps }) => {
      for (const { title, operations } of steps) if (operations[0]) titles.set(operations[0], title)
    },
  }
}

async function outcomeOf(
  applier: Applier,
  operation: Operation,
  options: ApplyOptions | undefined,
): Promise<ProcessOutput> {
  try {
    await applier.apply([operation], options)
    return said(0)
  } catch (error) {
    return said(1, error instanceof Error ? error.message : String(error))
  }
}

/** The code between `() =>` and the end, as its author wrote it. */
export function sourceOf(call: () => unknown): string {
  const body = String(call).replace(/^(async\s*)?\(\)\s*=>\s*/, '')
  const [first = '', ...rest] = body.split('\n')
  return [first, ...(rest.length > 0 ? dedent(rest.join('\n')).split('\n') : [])].join('\n')
}

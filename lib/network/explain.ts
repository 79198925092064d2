// A plan as a script for the reader: each step's title, and under it the commands that do the same when typed as root.
import { commandOf } from '../kernel/command.ts'
import type { Plan } from './context.ts'

/** Text for a shell, with the titles as comments; pasted, it does what the plan does. */
export function explain(plan: Plan): string {
  return plan.steps
    .map(({ title, operations }) => [`# ${title}`, ...operations.map(commandOf)].join('\n'))
    .join('\n\n')
}

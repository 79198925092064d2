// Prints a plan as a script for people: each step's title, and below it the commands that do the same when typed as root.
import type { Step } from '../driver/driver.ts'
import { commandOf } from '../kernel/command.ts'

/** What a change is about to do to the kernel, in order. */
export type Plan = {
  /** The change: `'create'`, `'connect'` and so on. */
  readonly change: 'create' | 'remove' | 'connect' | 'disconnect' | 'update' | 'reconcile'
  /** The network's name; absent for `reconcile`. */
  readonly network?: string
  /** The steps, in order. */
  readonly steps: readonly Step[]
}

/** Returns text for a shell, with the titles as comments; pasted as root, it does what the plan does. @throws NetdojoError `usage` for a value of a driver that is not one word of a command, or `driver-missing` */
export function explain(plan: Plan): string {
  return plan.steps
    .map(({ title, operations }) => [`# ${title}`, ...operations.map(commandOf)].join('\n'))
    .join('\n\n')
}

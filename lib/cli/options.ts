// What the options of several commands share.
import { Command } from 'commander'

/** Gathers the values of an option that may be given more than once. */
export function many(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

export type ChangeFlags = { readonly explain?: true; readonly dryRun?: true }

/** A command that changes something, and can say in commands what that is: see change.ts. */
export function changeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--explain', 'do it, and print the commands that it took')
    .option('--dry-run', 'only print them: change nothing')
}

// Controls the virtual machine of `--in vm` for `npm run vm`.
import { vagrant } from '../../sandbox/vm/machine.ts'
import { ready, shellInVm } from '../../sandbox/vm/run.ts'
import { noteTo } from '../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'

const help = `npm run vm -- up                start it, and copy the repository as it is now into it
npm run vm -- status            show whether it runs
npm run vm -- ssh               open a shell of the machine itself, without a sandbox
npm run vm -- halt              shut it down; its disk stays
npm run vm -- destroy           delete it, without a question
npm run vm -- package FILE.box  write a box for other machines (docs/workshop-setup.md)`

const verbs = ['up', 'status', 'ssh', 'halt', 'destroy', 'package']

/** The commands that Vagrant does alone, with its question answered. */
const commandsOfVagrant: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  halt: ['halt'],
  destroy: ['destroy', '--force'],
}

export async function main(
  [verb, ...args]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (verb === undefined || verb === '--help' || verb === '-h') {
    terminal.write(`${help}\n`)
    return exitCodes.held
  }
  requireUsage(verb, args)
  const note = noteTo(terminal)
  if (verb === 'package') return (await vagrant(['package', '--output', args[0] ?? ''])).exitCode
  const words = commandsOfVagrant[verb]
  if (words) return (await vagrant(words)).exitCode
  if (verb === 'ssh') return shellInVm(note)
  await ready(note)
  note('the virtual machine runs: npm run scenario bridge -- --in vm')
  return exitCodes.held
}

function requireUsage(verb: string, args: readonly string[]): void {
  const advice = 'npm run vm -- --help describes the commands'
  if (!verbs.includes(verb))
    throw usageError(`the command must be one of ${verbs.join(', ')}, not ${quoted(verb)}`, advice)
  const [first, second] = args
  if (verb === 'package' && first === undefined)
    throw usageError('package must be followed by the name of a file: package FILE.box', advice)
  const extra = verb === 'package' ? second : first
  if (extra !== undefined) throw usageError(`${verb} takes no argument ${quoted(extra)}`, advice)
}

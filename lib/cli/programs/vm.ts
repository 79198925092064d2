// `npm run vm`: the virtual machine that `--in vm` uses, by hand.
import { NetdojoError } from '../../errors.ts'
import { vagrant } from '../../sandbox/vm/machine.ts'
import { ready, shellInVm } from '../../sandbox/vm/run.ts'
import { exitCodes } from '../shared/errors.ts'

const usage = `npm run vm -- up                bring it up, with the repository as it is now
npm run vm -- status            is it up?
npm run vm -- ssh               a shell of the machine itself: its own network, no sandbox
npm run vm -- halt              shut it down; what is on its disk stays
npm run vm -- destroy           take it away, without asking
npm run vm -- package FILE.box  a box of it, for other machines (docs/workshop-setup.md)`

/** By Vagrant, and with what it asks answered. */
const vagrants: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  halt: ['halt'],
  destroy: ['destroy', '--force'],
}

export async function main([verb, ...args]: readonly string[]): Promise<number> {
  if (verb === undefined || verb === '--help' || verb === '-h') {
    console.log(usage)
    return exitCodes.held
  }
  const [file] = args
  if (verb === 'package' && file !== undefined)
    return (await vagrant(['package', '--output', file])).exitCode
  if (args.length > 0) throw refusal(`${verb} takes nothing more`)
  const words = Object.hasOwn(vagrants, verb) ? vagrants[verb] : undefined
  if (words) return (await vagrant(words)).exitCode
  if (verb === 'ssh') return shellInVm(say)
  if (verb !== 'up') throw refusal(`there is no '${verb}'`)
  await ready(say)
  say('the virtual machine is up: npm run scenario bridge -- --in vm')
  return exitCodes.held
}

function refusal(reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'use',
    object: 'the virtual machine',
    reason: `${reason}\n${usage}`,
  })
}

function say(text: string): void {
  process.stderr.write(`netdojo: ${text}\n`)
}

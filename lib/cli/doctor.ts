// `npm run doctor`: the command `netdojo doctor` by itself.
import { CommanderError } from 'commander'
import { doctorCommand } from './command/doctor.ts'
import { Ending } from './ending.ts'
import { exitCodes } from './exit-codes.ts'
import { processTerminal } from './terminal.ts'

export async function main(args: readonly string[]): Promise<number> {
  try {
    await doctorCommand(processTerminal()).exitOverride().parseAsync(args, { from: 'user' })
    return exitCodes.held
  } catch (error) {
    if (error instanceof Ending) return error.exitCode
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.held : exitCodes.usage
  }
}

// The `netdojo` command: each of its commands is a file of its own, loaded only when it is called.
import { Command } from 'commander'
import { exitCodes } from './exit-codes.ts'

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  trace: async () => (await import('./command/trace.ts')).traceCommand(),
  capture: async () => (await import('./command/capture.ts')).captureCommand(),
}

export async function main(args: readonly string[]): Promise<number> {
  const [name = ''] = args
  const load = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands)
  const program = new Command('netdojo')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'netdojo: ')) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.held : exitCodes.usage))
  for (const command of load)
    if (command) program.addCommand((await command()).copyInheritedSettings(program))
  await program.parseAsync(args, { from: 'user' })
  return Number(process.exitCode ?? exitCodes.held)
}

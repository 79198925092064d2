// Opens a root shell on a node of the world, whose prompt names the node. It neither reads nor writes the user's own files.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { handOver } from '../exec/hand-over.ts'

const home = '/run/netdojo'
const completion = join(import.meta.dirname, '../cli/commands/completion/netdojo.bash')

// bash reads this file in every interactive shell of the sandbox, also in a shell that `ip netns exec` starts.
const startFile = `
node=$(ip netns identify $$)
node=\${node:-host}
PS1="\\[\\e[1;32m\\]$node\\[\\e[0m\\]# "
[ -n "\${NO_COLOR:-}" ] && PS1="$node# "
unset HISTFILE
. "$NETDOJO_COMPLETION"
`

export type ShellOptions = {
  /** The command that enters another node than the host; the shell follows it. */
  readonly enter?: readonly string[]
  /** Further lines that every shell reads at its start. */
  readonly start?: string
  /** Used as standard input instead of the terminal. */
  readonly input?: string
}

/** Opens a shell on our terminal and waits for its end; `args` are bash's own (`-c COMMANDS`). @returns its exit code. */
export async function shell(
  args: readonly string[] = [],
  { input, ...options }: ShellOptions = {},
): Promise<number> {
  const { exitCode } = await handOver({
    ...shellCommand(args, options),
    ...(input === undefined ? {} : { input }),
  })
  return exitCode
}

/** The same shell for a terminal that the caller makes. */
export function shellCommand(
  args: readonly string[] = [],
  { enter = [], start = '' }: Omit<ShellOptions, 'input'> = {},
) {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(`${home}/.bashrc`, `${startFile}${start}`)
  const [program = 'bash', ...words] = [...enter, 'bash', ...args]
  return { program, args: words, env: { HOME: home, NETDOJO_COMPLETION: completion } }
}

// A root shell on a node of the world, whose prompt says which node it is on; the user's own files are neither read nor written.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { handOver } from '../exec/hand-over.ts'

const home = '/run/netdojo'
const completion = join(import.meta.dirname, '../cli/commands/completion/netdojo.bash')

// bash reads it in every interactive shell of the sandbox, also in one that `ip netns exec` starts.
const startFile = `
node=$(ip netns identify $$)
node=\${node:-host}
PS1="\\[\\e[1;32m\\]$node\\[\\e[0m\\]# "
[ -n "\${NO_COLOR:-}" ] && PS1="$node# "
unset HISTFILE
. "$NETDOJO_COMPLETION"
`

export type ShellOptions = {
  /** What a command is put behind to run on another node than the host. */
  readonly enter?: readonly string[]
  /** Lines that every shell in it also begins with. */
  readonly start?: string
  /** Typed into it instead of what the terminal has. */
  readonly input?: string
}

/** Opens a shell on our terminal and waits for its end; `args` are bash's own (`-c COMMANDS`). @returns its exit code. */
export async function shell(
  args: readonly string[] = [],
  { enter = [], start = '', input }: ShellOptions = {},
): Promise<number> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(`${home}/.bashrc`, `${startFile}${start}`)
  const [program = 'bash', ...words] = [...enter, 'bash', ...args]
  const { exitCode } = await handOver({
    program,
    args: words,
    env: { HOME: home, NETDOJO_COMPLETION: completion },
    ...(input === undefined ? {} : { input }),
  })
  return exitCode
}

// Gives the command that starts a test file inside namespaces of its own; run.ts uses it directly, which saves one start of Node.
import { inNamespaces, type Command } from '../../lib/sandbox/namespaces.ts'

/** The variable that says so, '1' or nothing. */
export const inside = 'NETDOJO_TEST_SANDBOX'

/** Whether the text of a test file asks for it. */
export function wantsSandbox(text: string): boolean {
  return /^(sandbox|network|container)Suite\(/m.test(text)
}

/** The command that runs the words there; who starts it must give it descriptor 3: see `inNamespaces`. */
export function sandboxed(words: readonly string[]): Command {
  const { program, args, env } = inNamespaces(words)
  const {
    // Inside, npm is not to be seen: what npm starts would take it for dead, and end.
    npm_lifecycle_event: _,
    ...own
  } = process.env
  return {
    program,
    args,
    env: {
      ...own,
      ...env,
      // /run is the sandbox's own: what a test leaves in its temporary files goes with it, also after a SIGKILL.
      TMPDIR: '/run',
      [inside]: '1',
      // Inside, everybody is root; some things only the machine's own may do.
      NETDOJO_REAL_ROOT: process.getuid?.() === 0 ? '1' : '0',
    },
  }
}

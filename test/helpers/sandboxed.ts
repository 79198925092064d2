// Gives the command that starts a test file inside namespaces of its own; run.ts uses it directly, which saves one start of Node.
import { inNamespaces, type Command } from '../../lib/sandbox/namespaces.ts'

/** The variable that marks a process inside: '1' or unset. */
export const inside = 'NETDOJO_TEST_SANDBOX'

/** Whether a test file, given as text, needs a sandbox. */
export function wantsSandbox(text: string): boolean {
  return /^(sandbox|network|container)Suite\(/m.test(text)
}

/** The command that runs the words inside. The caller must open descriptor 3: see `inNamespaces`. */
export function sandboxed(words: readonly string[]): Command {
  const { program, args, env } = inNamespaces(words)
  const {
    // npm is not visible inside, so programs of npm would think that it has ended, and end too.
    npm_lifecycle_event: _,
    ...own
  } = process.env
  return {
    program,
    args,
    env: {
      ...own,
      ...env,
      // The sandbox has its own /run, so temporary files of a test end with it, also after a SIGKILL.
      TMPDIR: '/run',
      [inside]: '1',
      // Every user is root inside, but some tests need the machine's own root.
      NETDOJO_REAL_ROOT: process.getuid?.() === 0 ? '1' : '0',
    },
  }
}

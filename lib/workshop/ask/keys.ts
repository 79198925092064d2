// Asks by single keys. The prompt is loaded while the scenario plays: nobody waits for it before there is something to ask.
import type { ChalkInstance } from 'chalk'
import { GoneAway, type Asker } from './asker.ts'

export function keyAsker(chalk: ChalkInstance): Asker {
  const loading = import('./key-menu.ts')
  return {
    ask: async (menu) => {
      const { keyMenu } = await loading
      return untilGone((context) => keyMenu({ ...menu, chalk }, context))
    },
    shellInput: () => undefined,
  }
}

/**
 * @param prompt one of @inquirer's, with the context that it takes.
 * @throws GoneAway
 */
export async function untilGone<Answer>(
  prompt: (context: { readonly signal: AbortSignal }) => Promise<Answer>,
): Promise<Answer> {
  const gone = new AbortController()
  // readline closes itself at Ctrl-D, and @inquirer would wait for ever.
  const onKey = (_: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }) => {
    if (key?.ctrl && key.name === 'd') gone.abort()
  }
  const onEnd = () => gone.abort()
  process.stdin.on('keypress', onKey).once('end', onEnd)
  try {
    return await prompt({ signal: gone.signal })
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) throw new GoneAway()
    throw error
  } finally {
    process.stdin.off('keypress', onKey).off('end', onEnd)
  }
}

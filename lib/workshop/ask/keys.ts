// Asks by single keys. The prompt loads while the scenario plays, so that it is ready for the first question.
import type { ChalkInstance } from 'chalk'
import type { Translate } from '../../language/translate.ts'
import { GoneAway, type Asker } from './asker.ts'

export function keyAsker(chalk: ChalkInstance, translate: Translate): Asker {
  const loading = import('./key-menu.ts')
  const notKeys = translate(
    'This menu takes single keys: this text chooses nothing. Enter clears it.',
  )
  return {
    ask: async (menu) => {
      const { keyMenu } = await loading
      return untilGone((context) => keyMenu({ ...menu, chalk, notKeys }, context))
    },
    shellInput: () => undefined,
  }
}

/**
 * Runs a prompt of @inquirer until an answer, or until Ctrl-C, Ctrl-D or the end of the input.
 * @throws GoneAway
 */
export async function untilGone<Answer>(
  prompt: (context: { readonly signal: AbortSignal }) => Promise<Answer>,
): Promise<Answer> {
  const gone = new AbortController()
  // At Ctrl-D, readline closes itself, and @inquirer would wait for ever.
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

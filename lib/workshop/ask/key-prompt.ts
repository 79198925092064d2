// What every prompt by keys has in common: Ctrl-C and Ctrl-D are no answer, and end the asking.
import { GoneAway } from './asker.ts'

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

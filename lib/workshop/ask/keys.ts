// Asks by single keys. The prompt is loaded while the scenario plays: nobody waits for it before there is something to ask.
import type { ChalkInstance } from 'chalk'
import type { Asker } from './asker.ts'
import { untilGone } from './key-prompt.ts'

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

// Makes the kernel forget connections; where `conntrack` is not installed, they end by their own timeouts.
import { isInstalled } from '../exec/search-path.ts'
import { feed } from '../exec/feed.ts'
import type { RunBatch } from './batch-applier.ts'
import { word } from './word.ts'

export const conntrackBatch: RunBatch = async ({ operations: [operation] }, { signal }) => {
  if (operation?.kind !== 'flush-connections' || !isInstalled('conntrack')) return []
  const words = operation.filter.map((text) => (/^--?[a-z][a-z-]*$/.test(text) ? text : word(text)))
  const { exitCode, stderr } = await feed('conntrack', ['-D', ...words], '', signal)
  // Exit code 1 with `0 flow entries have been deleted` is how it says that there was none.
  return exitCode === 0 || /\b0 flow entries/.test(stderr) ? [] : [{ operation, message: stderr }]
}

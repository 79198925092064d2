// `network rm`: removes each network that it can, names it, and tells of each that it could not.
import { NetdojoError, type Networks } from '../../index.ts'
import { change } from '../change.ts'
import { endWith, exitCodeOf } from '../ending.ts'
import { findNetwork } from '../find-network.ts'
import type { ChangeFlags } from '../options.ts'
import { errorParagraph } from '../paragraph.ts'
import type { Terminal } from '../terminal.ts'

type Options = ChangeFlags & { readonly force?: true }

export async function remove(
  terminal: Terminal,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const force = options.force ?? false
  const errors: NetdojoError[] = []
  await change(terminal, options, async ({ networks, say }) => {
    for (const word of words) {
      try {
        say(await removeOne(networks, word, force))
      } catch (error) {
        if (!(error instanceof NetdojoError)) throw error
        if (!(force && error.code === 'network-missing')) errors.push(error)
      }
    }
  })
  for (const error of errors) terminal.writeError(errorParagraph(error))
  if (errors[0]) endWith(exitCodeOf(errors[0]))
}

async function removeOne(networks: Networks, word: string, force: boolean): Promise<string> {
  const { name } = findNetwork(await networks.list(), word)
  await networks.remove(name, { force })
  return name
}

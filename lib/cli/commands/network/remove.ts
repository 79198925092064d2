// `network rm`: removes each network that it can, names it, and tells of each that it could not.
import { NetdojoError, type Network, type Networks } from '../../../index.ts'
import { type Change, change } from '../../shared/change.ts'
import { endWith, errorParagraph, exitCodeOf } from '../../shared/errors.ts'
import { findNetwork } from '../../shared/find.ts'
import { type ChangeFlags, filterOf, hasLabel } from '../../shared/options.ts'
import type { Terminal } from '../../shared/terminal.ts'

type RemoveOptions = ChangeFlags & { readonly force?: true }

export async function remove(
  terminal: Terminal,
  words: readonly string[],
  options: RemoveOptions,
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

type PruneOptions = ChangeFlags & { readonly force?: true; readonly filter?: readonly string[] }

export async function prune(terminal: Terminal, options: PruneOptions): Promise<void> {
  const passes = filterOf<Network>(
    { label: hasLabel, 'label!': (network, wanted) => !hasLabel(network, wanted) },
    options.filter,
  )
  await change(terminal, options, async (change) => {
    const unused = (await unusedOf(change.networks)).filter(passes)
    if (unused.length === 0) return
    if (!(await mayRemove(terminal, options, unused))) return
    for (const { name } of unused) await removeIfUnused(change, name)
  })
}

async function unusedOf(networks: Networks): Promise<readonly Network[]> {
  const used = new Set((await networks.endpoints()).map(({ network }) => network))
  return (await networks.list()).filter(({ name }) => !used.has(name))
}

async function mayRemove(
  terminal: Terminal,
  { force, dryRun }: PruneOptions,
  unused: readonly Network[],
): Promise<boolean> {
  if (force || dryRun || !terminal.isInteractive) return true
  const names = unused.map(({ name }) => name).join(', ')
  const answer = await terminal.ask(`Remove ${names}? [y/N] `)
  return /^y(es)?$/i.test(answer.trim())
}

async function removeIfUnused({ networks, say }: Change, name: string): Promise<void> {
  try {
    await networks.remove(name)
    say(name)
  } catch (error) {
    // Somebody connected something meanwhile, or removed it.
    const isOver = error instanceof NetdojoError && /^network-(in-use|missing)$/.test(error.code)
    if (!isOver) throw error
  }
}

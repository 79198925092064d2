// `network prune`: removes the networks that nothing is connected to; on a terminal it asks first.
import { NetdojoError, type Network, type Networks } from '../../index.ts'
import { change, type Change } from '../change.ts'
import type { ChangeFlags } from '../options.ts'
import { filterOf, hasLabel } from '../pairs.ts'
import type { Terminal } from '../terminal.ts'

type Options = ChangeFlags & { readonly force?: true; readonly filter?: readonly string[] }

export async function prune(terminal: Terminal, options: Options): Promise<void> {
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
  { force, dryRun }: Options,
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

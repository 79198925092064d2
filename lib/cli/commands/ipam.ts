// Shows how the addresses of networks are used: the pools as pictures or as figures, read from the records.
import { readPools, type UsedPool } from '../../network/read-pools.ts'
import { clusterOptions } from '../shared/cluster.ts'
import { endWith, errorParagraph, exitCodeOf } from '../shared/errors.ts'
import { findNetwork } from '../shared/find.ts'
import { formatOf } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { CommandFile } from '../shared/command.ts'
import { drawPool } from './ipam-picture.ts'

export const show: CommandFile = {
  define: (command) => {
    command
      .argument('[network...]', 'names, IDs, or the beginnings of IDs (default: all)')
      .option('--format <format>', 'table, or json: one object per line (default: table)')
      .addHelpText(
        'after',
        `
Addresses are allocated in order, starting after the last allocated address: an
address that was just released is not given to another endpoint at once.

The pool of an overlay network is shared by several machines: the picture and
the list below it have the addresses of all machines. While etcd does not
answer, they are those that this machine knows, and the exit code is 1.

Examples:
  netdojo ipam show
  netdojo ipam show testbridge
  netdojo ipam show --format json testbridge`,
      )
  },
  run: async (terminal, words, { format }: { readonly format?: string }) => {
    const isTable = formatOf(format) === 'table'
    const directory = stateDirectory()
    const { store } = await clusterOptions(directory)
    const { pools, unanswered } = await readPools(directory, store?.options)
    const networks = pools.map(({ network: name, id }) => ({ name, id }))
    const wanted = new Set(words.map((word) => findNetwork(networks, word).name))
    const found = pools.filter(({ network }) => wanted.size === 0 || wanted.has(network))
    if (isTable) {
      const chalk = terminal.hasColor ? new (await import('chalk')).Chalk({ level: 1 }) : undefined
      terminal.write(
        found
          .map(({ network, usage, holders }) => drawPool(network, usage, { chalk, holders }))
          .join('\n'),
      )
    } else terminal.write(found.map((one) => `${JSON.stringify(figures(one))}\n`).join(''))
    if (!unanswered) return
    terminal.writeError(errorParagraph(unanswered))
    endWith(exitCodeOf(unanswered))
  },
}

/** Counts are strings: those of IPv6 are larger than the numbers of most JSON readers. */
function figures({ network, usage, holders }: UsedPool) {
  const { pool, inUse, free, next } = usage
  const { subnet, gateway, range, reserved } = pool
  const here = holders?.find(({ isHere }) => isHere)?.addresses.length ?? 0
  return {
    network,
    subnet,
    gateway,
    range: `${range}`,
    reserved: reserved.map(String),
    inUse: holders ? `${here}` : `${inUse}`,
    free: `${free}`,
    // Which address of a shared pool is next, only etcd knows.
    ...(holders
      ? { inUseElsewhere: `${inUse - BigInt(here)}`, machines: holders }
      : { next: next ?? null }),
  }
}

// Shows how the addresses of networks are used: the pools as pictures or as figures, read from the records.
import { existsSync } from 'node:fs'
import { Subnet } from '../../address/subnet.ts'
import { poolUsage, type PoolUsage } from '../../ipam/usage.ts'
import { allNetworks } from '../../network/records.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import { stateFile } from '../../store/sqlite-file.ts'
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

Examples:
  netdojo ipam show
  netdojo ipam show testbridge
  netdojo ipam show --format json testbridge`,
      )
  },
  run: async (terminal, words, { format }: { readonly format?: string }) => {
    const isTable = formatOf(format) === 'table'
    const found = await usages(words)
    if (!isTable) {
      terminal.write(found.map((one) => `${JSON.stringify(figures(one))}\n`).join(''))
      return
    }
    const chalk = terminal.hasColor ? new (await import('chalk')).Chalk({ level: 1 }) : undefined
    terminal.write(found.map(({ network, usage }) => drawPool(network, usage, chalk)).join('\n'))
  },
}

type Found = { readonly network: string; readonly usage: PoolUsage }

async function usages(words: readonly string[]): Promise<readonly Found[]> {
  const directory = stateDirectory()
  const isThere = existsSync(stateFile(directory))
  if (!isThere) return words.map((word) => findNetwork([], word))
  await using store = await openSqliteStore({ directory })
  return store.read((transaction) => {
    const networks = allNetworks(transaction)
    const wanted = words.length === 0 ? networks : words.map((word) => findNetwork(networks, word))
    return wanted.flatMap(({ name, subnets }) =>
      subnets.map(({ subnet }) => ({
        network: name,
        usage: poolUsage(transaction, Subnet.parse(subnet)),
      })),
    )
  })
}

/** Counts are strings: those of IPv6 are larger than the numbers of most JSON readers. */
function figures({ network, usage }: Found) {
  const { pool, inUse, free, next } = usage
  const { subnet, gateway, range, reserved } = pool
  return {
    network,
    subnet,
    gateway,
    range: `${range}`,
    reserved: reserved.map(String),
    inUse: `${inUse}`,
    free: `${free}`,
    next: next ?? null,
  }
}

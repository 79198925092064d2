// Shows how the addresses of networks are used: the pools as pictures or as figures, read from the records.
import { existsSync } from 'node:fs'
import { IpAddress } from '../../address/ip-address.ts'
import { Subnet } from '../../address/subnet.ts'
import { poolUsage, type PoolUsage } from '../../ipam/usage.ts'
import { peersOf } from '../../network/cluster/peers.ts'
import { allNetworks } from '../../network/records.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import type { ReadTransaction } from '../../store/store.ts'
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

The pool of an overlay network is shared by several machines: the picture has
the addresses of this machine, and the last line counts those of the others.

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
    terminal.write(
      found
        .map(({ network, usage, elsewhere }) => drawPool(network, usage, { chalk, elsewhere }))
        .join('\n'),
    )
  },
}

type Found = {
  readonly network: string
  readonly usage: PoolUsage
  /** In use on other machines, by the copy of this one; undefined for a pool of this machine alone. */
  readonly elsewhere: bigint | undefined
}

async function usages(words: readonly string[]): Promise<readonly Found[]> {
  const directory = stateDirectory()
  const isThere = existsSync(stateFile(directory))
  if (!isThere) return words.map((word) => findNetwork([], word))
  await using store = await openSqliteStore({ directory })
  return store.read((transaction) => {
    const networks = allNetworks(transaction)
    const wanted = words.length === 0 ? networks : words.map((word) => findNetwork(networks, word))
    return wanted.flatMap(({ id, name, subnets, scope }) =>
      subnets.map(({ subnet }) => ({
        network: name,
        usage: poolUsage(transaction, Subnet.parse(subnet)),
        elsewhere: scope === 'cluster' ? countPeers(transaction, id, subnet) : undefined,
      })),
    )
  })
}

function countPeers(transaction: ReadTransaction, id: string, subnet: string): bigint {
  const pool = Subnet.parse(subnet)
  const peers = peersOf(transaction, id)
  return BigInt(peers.filter(({ address }) => pool.contains(IpAddress.parse(address))).length)
}

/** Counts are strings: those of IPv6 are larger than the numbers of most JSON readers. */
function figures({ network, usage, elsewhere }: Found) {
  const { pool, inUse, free, next } = usage
  const { subnet, gateway, range, reserved } = pool
  return {
    network,
    subnet,
    gateway,
    range: `${range}`,
    reserved: reserved.map(String),
    inUse: `${inUse}`,
    free: `${free - (elsewhere ?? 0n)}`,
    // Which address of a shared pool is next, only etcd knows.
    ...(elsewhere === undefined ? { next: next ?? null } : { inUseElsewhere: `${elsewhere}` }),
  }
}

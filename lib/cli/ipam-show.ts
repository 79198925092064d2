// `ipam show`: the pools of networks, as pictures or as figures.
import { existsSync } from 'node:fs'
import { Subnet } from '../address/subnet.ts'
import { poolUsage, type PoolUsage } from '../ipam/usage.ts'
import { allNetworks } from '../network/records.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import { drawPool } from './draw/pool.ts'
import { findNetwork } from './find-network.ts'
import { formatOf } from './format.ts'
import { stateDirectory } from './state-directory.ts'
import type { Terminal } from './terminal.ts'

type Found = { readonly network: string; readonly usage: PoolUsage }

export async function show(
  terminal: Terminal,
  words: readonly string[],
  options: { readonly format?: string },
): Promise<void> {
  const format = formatOf(options.format)
  const found = await usages(words)
  if (format === 'json') {
    for (const one of found) terminal.write(`${JSON.stringify(figures(one))}\n`)
    return
  }
  const chalk = terminal.hasColor ? new (await import('chalk')).Chalk({ level: 1 }) : undefined
  terminal.write(found.map(({ network, usage }) => drawPool(network, usage, chalk)).join('\n'))
}

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

/** Numbers may be larger than what JSON's readers take: they are text. */
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

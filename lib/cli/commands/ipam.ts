// `ipam show`: the pools of networks, as pictures or as figures.
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { Subnet } from '../../address/subnet.ts'
import { type PoolUsage, poolUsage } from '../../ipam/usage.ts'
import { allNetworks } from '../../network/records.ts'
import { stateFile } from '../../store/sqlite-file.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import { findNetwork } from '../shared/find.ts'
import { formatOf } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'
import { drawPool } from './ipam-picture.ts'

type Found = { readonly network: string; readonly usage: PoolUsage }

async function draw(
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

export function ipamCommand(terminal: Terminal): Command {
  return new Command('ipam')
    .description('Look at the addresses of networks: who gets which next?')
    .helpCommand(false)
    .addCommand(show(terminal))
}

function show(terminal: Terminal): Command {
  return new Command('show')
    .description('Draw the bitmaps of networks: a character for each address.')
    .argument('[network...]', 'names, ids, or the beginnings of ids; all if not given')
    .option('--format <format>', 'table, or json: an object a line')
    .addHelpText(
      'after',
      `
Addresses are handed out in order, from the one after the last on, so that an
address that was just given back is not given to somebody else at once.

Examples:
  netdojo ipam show
  netdojo ipam show testbridge
  netdojo ipam show --format json testbridge`,
    )
    .action(async (networks, options) => {
      await draw(terminal, networks, options)
    })
}

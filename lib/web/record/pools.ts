// Reads the pools of the lab's stores: of the program `ipam`, and of the library's networks. It changes nothing.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { listLeases } from '../../ipam/leases.ts'
import { listPools } from '../../ipam/pool-records.ts'
import { poolUsage } from '../../ipam/usage.ts'
import { endpointsOf } from '../../network/records.ts'
import { openSqliteStore } from '../../store/sqlite.ts'
import { stateFile } from '../../store/sqlite-file.ts'
import type { AddressPool } from '../moments.ts'

/** Each sandbox has a /run of its own. */
const usualDirectories = ['/run/ipam', '/run/netdojo/state']

/** @returns an empty list where nothing has a pool. @throws NetdojoError for a store that cannot be read */
export async function readPools(
  directories: readonly string[] = usualDirectories,
): Promise<readonly AddressPool[]> {
  const used = directories.filter((directory) => existsSync(stateFile(directory)))
  return (await Promise.all(used.map(poolsIn))).flat()
}

async function poolsIn(directory: string): Promise<readonly AddressPool[]> {
  await using store = await openSqliteStore({ directory })
  return store.read((transaction) => {
    const endpoints = new Map(endpointsOf(transaction).map((each) => [each.id, each]))
    const nameOf = (owner: string) => {
      const netns = endpoints.get(owner)?.netns
      return netns === undefined ? owner : basename(netns).replace(/^nd-(.+)-[\da-f]{8}$/, '$1')
    }
    return listPools(transaction).map(({ subnet, gateway, reserved }) => {
      const broadcast = subnet.family === 4 ? [`${subnet.last}`] : []
      return {
        subnet: `${subnet}`,
        gateway: `${gateway}`,
        used: listLeases(transaction, subnet).map(({ address, owner }) => ({
          address: `${address}`,
          owner: nameOf(owner),
        })),
        reserved: [`${subnet.first}`, ...broadcast, ...reserved.map((range) => `${range}`)],
        next: poolUsage(transaction, subnet).next?.toString() ?? null,
      }
    })
  })
}

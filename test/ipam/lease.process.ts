// Allocates and releases addresses at random: `lease.process.ts DIRECTORY SUBNET CLAIMS NAME`. It prints 'ready', reads for
// how many milliseconds to run, and prints what it did at the end. It claims each address by a symbolic link in CLAIMS, and
// creating a link twice fails: so an address that is given twice is noticed.
import { once } from 'node:events'
import { symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { NetdojoError } from '../../lib/errors.ts'
import { allocateAddress, releaseAddress } from '../../lib/ipam/addresses.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'

export type Report = {
  readonly allocated: number
  readonly released: number
  readonly refused: number
}

const mostHeld = 3
const [directory = '', network = '', claims = '', owner = ''] = process.argv.slice(2)
const subnet = Subnet.parse(network)
await using store = await openSqliteStore({ directory })
process.send?.('ready')
const [milliseconds] = await once(process, 'message')

const held: string[] = []
const report = { allocated: 0, released: 0, refused: 0 }
const until = performance.now() + Number(milliseconds)
do {
  if (held.length === 0 || (held.length < mostHeld && Math.random() < 0.6)) await take()
  else await giveBack()
} while (performance.now() < until)
process.send?.(report)
process.disconnect()

async function take(): Promise<void> {
  try {
    const address = await store.update((transaction) => {
      const address = `${allocateAddress(transaction, subnet, { owner })}`
      transaction.setRecord(`endpoint/${address}`, owner)
      return address
    })
    symlinkSync(owner, join(claims, address))
    held.push(address)
    report.allocated++
  } catch (error) {
    if (!(error instanceof NetdojoError) || error.code !== 'pool-exhausted') throw error
    report.refused++
  }
}

async function giveBack(): Promise<void> {
  const [address = ''] = held.splice(Math.floor(Math.random() * held.length), 1)
  unlinkSync(join(claims, address))
  await store.update((transaction) => {
    releaseAddress(transaction, subnet, { owner, address: IpAddress.parse(address) })
    transaction.delete(`endpoint/${address}`)
  })
  report.released++
}

// Opens the networks of a state directory: puts store, lock, drivers, firewall and applier together.
import { randomBytes } from 'node:crypto'
import { quote } from '../address/quote.ts'
import { bridgeDriver } from '../driver/bridge/bridge.ts'
import type { NetworkDriver } from '../driver/driver.ts'
import { DriverRegistry } from '../driver/registry.ts'
import { NetdojoError } from '../errors.ts'
import { isInstalled } from '../exec/search-path.ts'
import type { Firewall } from '../firewall/firewall.ts'
import { iptables } from '../firewall/iptables/iptables.ts'
import { nftables } from '../firewall/nftables/nftables.ts'
import type { Applier } from '../kernel/applier.ts'
import { batchApplier } from '../kernel/batch-applier.ts'
import { fileLock, processLock } from '../store/lock.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import type { Plan } from './context.ts'
import { Networks } from './networks.ts'

export type OpenOptions = {
  /** Made when missing; `/var/lib/netdojo` unless told. All that is durable is in it. */
  readonly stateDirectory?: string
  /** Tells these networks from those of other state directories in the kernel; `netdojo` unless told. */
  readonly label?: string
  readonly firewall?: 'nftables' | 'iptables'
  /** Besides the bridge driver. */
  readonly drivers?: readonly NetworkDriver[]
  /** In the place of the state directory: see `openMemoryStore`. */
  readonly store?: Store
  /** In the place of a process a batch: see `persistentApplier`. */
  readonly applier?: Applier
  /** Told of every plan before it is applied, as titled steps; `explain` makes text of it. */
  readonly onPlan?: (plan: Plan) => void
}

const ownerKey = 'owner'

/**
 * @throws NetdojoError `state-corrupt`, `state-newer`, `state-unavailable`, `program-missing` or `usage`
 */
export async function openNetworks(options: OpenOptions = {}): Promise<Networks> {
  const { stateDirectory = '/var/lib/netdojo', label = 'netdojo', drivers = [] } = options
  refuseBadLabel(label)
  const store = options.store ?? (await openSqliteStore({ directory: stateDirectory }))
  const lock = options.store ? processLock() : fileLock(stateDirectory)
  const applier = options.applier ?? batchApplier
  const firewall = firewallFor(options.firewall, label, await ownerOf(store))
  const context = {
    store,
    applier,
    drivers: new DriverRegistry([bridgeDriver(firewall, label), ...drivers]),
    onPlan: options.onPlan ?? (() => {}),
  }
  return new Networks(context, lock, async () => {
    lock.close()
    await applier[Symbol.asyncDispose]()
    await store.close()
  })
}

/** What marks things in the kernel as this state directory's. */
function ownerOf(store: Store): Promise<string> {
  return store.update((transaction) => {
    const known = transaction.record<string>(ownerKey)
    if (known !== undefined) return known
    const owner = randomBytes(4).toString('hex')
    transaction.setRecord(ownerKey, owner)
    return owner
  })
}

/** nftables where there is `nft`: every kernel that Node 24 runs on has it. */
function firewallFor(wanted: OpenOptions['firewall'], label: string, owner: string): Firewall {
  const chosen = wanted ?? (isInstalled('nft') ? 'nftables' : 'iptables')
  if (chosen === 'nftables') return nftables({ table: label, owner })
  if (chosen === 'iptables') return iptables({ owner })
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the firewall',
    object: quote(chosen),
    reason: 'it is neither nftables nor iptables',
  })
}

function refuseBadLabel(label: string): void {
  if (typeof label === 'string' && /^[a-z][a-z0-9]{0,11}$/.test(label)) return
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the label',
    object: quote(label),
    reason: 'it has 1 to 12 lower-case letters and digits and begins with a letter',
  })
}

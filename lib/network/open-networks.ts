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
import type { Applier } from '../kernel/plan.ts'
import { fileLock, lockOfStore } from './lock.ts'
import { netlinkApplier } from '../kernel/apply.ts'
import { corruptValue } from '../store/run-transaction.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import type { Plan } from './context.ts'
import { Networks } from './networks.ts'
import { allNetworks } from './records.ts'

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
  /** In the place of netlink: see `batchApplier`. */
  readonly applier?: Applier
  /** For a dry run: a namespace that is not there is taken for a new one. */
  readonly assumeNamespaces?: boolean
  /** Told of every plan before it is applied, as titled steps; `explain` makes text of it. */
  readonly onPlan?: (plan: Plan) => void
}

/**
 * @throws NetdojoError `state-corrupt`, `state-newer`, `state-unavailable`, `driver-exists` or `usage`; the last also when
 * networks of this state were made with another label or firewall
 */
export async function openNetworks(options: OpenOptions = {}): Promise<Networks> {
  const { stateDirectory = '/var/lib/netdojo', applier = netlinkApplier, drivers = [] } = options
  refuseBadLabel(options.label)
  await using opened = new AsyncDisposableStack()
  const store = opened.use(options.store ?? (await openSqliteStore({ directory: stateDirectory })))
  opened.use(applier)
  const lock = options.store ? lockOfStore(options.store) : fileLock(stateDirectory)
  const identity = await identify(store, options)
  const bridge = bridgeDriver(firewallOf(identity), identity.label)
  const context = {
    store,
    applier,
    drivers: new DriverRegistry([bridge, ...drivers]),
    assumeNamespaces: options.assumeNamespaces ?? false,
    onPlan: options.onPlan ?? (() => {}),
  }
  const owned = opened.move()
  return new Networks(context, lock, () => owned.disposeAsync())
}

/** What marks things in the kernel as this state's; fixed for as long as there are networks. */
type Identity = {
  readonly owner: string
  readonly label: string
  readonly firewall: 'nftables' | 'iptables'
}
const identityKey = 'identity'

function identify(store: Store, { label, firewall }: OpenOptions): Promise<Identity> {
  return store.update((transaction) => {
    const known = transaction.record<Identity>(identityKey)
    if (known !== undefined && !isIdentity(known))
      throw corruptValue(identityKey, 'it does not say whose these networks are')
    const identity: Identity = {
      owner: known?.owner ?? randomBytes(4).toString('hex'),
      label: label ?? known?.label ?? 'netdojo',
      // Every kernel that Node 24 runs on has nftables; the program may be missing.
      firewall: firewall ?? known?.firewall ?? (isInstalled('nft') ? 'nftables' : 'iptables'),
    }
    const isSame = known?.label === identity.label && known.firewall === identity.firewall
    if (isSame) return identity
    if (known && allNetworks(transaction).length > 0) throw otherIdentity(known)
    transaction.setRecord(identityKey, identity)
    return identity
  })
}

function isIdentity(known: Identity | null): boolean {
  return (
    /^[0-9a-f]{8}$/.test(String(known?.owner)) &&
    /^[a-z][a-z0-9]{0,11}$/.test(String(known?.label)) &&
    /^(nftables|iptables)$/.test(String(known?.firewall))
  )
}

function otherIdentity({ label, firewall }: Identity): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'open',
    object: 'the networks',
    reason: `they were made with the label ${label} and the firewall ${firewall}`,
    advice: ['open them with these, or with none given', 'or remove the networks first'],
  })
}

function firewallOf({ firewall, label, owner }: Identity): Firewall {
  if (firewall === 'nftables') return nftables({ table: label, owner })
  if (firewall === 'iptables') return iptables({ owner })
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the firewall',
    object: quote(firewall),
    reason: 'it is neither nftables nor iptables',
  })
}

function refuseBadLabel(label: string | undefined): void {
  if (label === undefined || (typeof label === 'string' && /^[a-z][a-z0-9]{0,11}$/.test(label)))
    return
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the label',
    object: quote(label),
    reason: 'it has 1 to 12 lower-case letters and digits and begins with a letter',
  })
}

// Opens the networks of a state directory, with their store, lock, drivers, firewall and applier.
import { createHash, randomBytes } from 'node:crypto'
import { quote } from '../address/quote.ts'
import { matching, readRequest, v } from '../address/schema.ts'
import { bridgeDriver } from '../driver/bridge/bridge.ts'
import type { DriverOption, DriverParts } from '../driver/driver.ts'
import { overlayDriver } from '../driver/overlay/overlay.ts'
import { DriverRegistry } from '../driver/registry.ts'
import { NetdojoError } from '../errors.ts'
import { isInstalled } from '../exec/search-path.ts'
import type { Firewall } from '../firewall/firewall.ts'
import { nftables } from '../firewall/nftables/nftables.ts'
import { netlinkApplier } from '../kernel/apply.ts'
import type { Applier } from '../kernel/plan.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import type { SharedStore } from '../store/etcd/etcd.ts'
import type { HostStore, Store } from '../store/store.ts'
import { stored } from '../store/stored.ts'
import {
  membershipFor,
  membershipOf,
  ownMachine,
  type Cluster,
  type HostOptions,
} from './cluster/membership.ts'
import type { Context } from './context.ts'
import type { ChangeDiagnostics } from './diagnostics.ts'
import { fileLock, lockOfStore, type Lock } from './lock.ts'
import { Networks } from './networks.ts'
import type { Plan } from './plan.ts'
import { allNetworks } from './records.ts'

/** How networks are opened; everything has a default. */
export type OpenNetworksOptions = {
  /** Holds all durable state; default `/var/lib/netdojo`. Created (mode 0700) if missing. */
  readonly stateDirectory?: string
  /**
   * Marks the kernel objects of these networks; default `netdojo`. Two state directories on one host need two labels. 1 to
   * 12 lower-case letters or digits, starting with a letter.
   */
  readonly label?: string
  /** Default `nftables` if the program `nft` is installed, else `iptables`. */
  readonly firewall?: 'nftables' | 'iptables'
  /** More drivers, beside the bridge driver; default none. */
  readonly drivers?: readonly DriverOption[]
  /**
   * Replaces the state directory: see `openMemoryStore`. A store of `etcdStore` keeps what several machines share, beside the state
   * directory of each. The state directory remembers it for later calls when this machine has used a network of it.
   */
  readonly store?: Store
  /** With a store that machines share: what this machine is for the others. */
  readonly host?: HostOptions
  /**
   * With a store that machines share: whether this process follows what the others do while it has the networks open, unless another
   * process of this machine does. Default `true`. A function is called instead when a change needs the follower.
   */
  readonly follow?: boolean | (() => void)
  /** Replaces netlink: see `batchApplier`. */
  readonly applier?: Applier
  /** Default `false`. For a dry run: a missing namespace counts as a new one. */
  readonly assumeNamespaces?: boolean
  /** Called with each plan before it is applied; `explain` makes text of a plan. */
  readonly onPlan?: (plan: Plan) => void
  /**
   * Replaces the lock that lets one change at a time go on: for a store that other machines share. Default a lock of the state
   * directory among processes, or with `store` one among the callers of this process.
   */
  readonly lock?: Lock
  /** Called at the start and at the end of each change, for tracing and logging. The channel `netdojo:change` of node:diagnostics_channel has the same. */
  readonly diagnostics?: (change: ChangeDiagnostics) => void
}

/**
 * Opens the networks of a state directory, and creates the directory if it is missing. Several processes can have it open.
 * @throws NetdojoError `state-corrupt`, `state-newer`, `state-unavailable`, `state-busy`, `driver-exists`, or `usage`, also
 * when networks of this state were created with another label or firewall
 */
export async function openNetworks(options: OpenNetworksOptions = {}): Promise<Networks> {
  const { stateDirectory = '/var/lib/netdojo', applier = netlinkApplier, drivers = [] } = options
  refuseBadStore(options)
  refuseBadLabel(options.label)
  await using opened = new AsyncDisposableStack()
  const { store, cluster } = await openStores(options, stateDirectory)
  opened.use(store)
  opened.use(applier)
  const isFile = options.store === undefined || isShared(options.store)
  const lock = options.lock ?? (isFile ? fileLock(stateDirectory) : lockOfStore(store))
  const identity = await identify(store, options)
  const parts = await driverParts(identity)
  const own = drivers.map((driver) => (typeof driver === 'function' ? driver(parts) : driver))
  const bridge = parts.bridge('bridge')
  const tunnels = { address: (await store.read(ownMachine))?.address ?? '' }
  const overlay = overlayDriver(bridge, { label: identity.label, address: () => tunnels.address })
  const context: Context = {
    store,
    applier,
    ...(cluster
      ? {
          cluster: {
            ...cluster,
            onRegistered: ({ address }) => void (tunnels.address = address),
            ...(typeof options.follow === 'function' ? { startFollower: options.follow } : {}),
          },
        }
      : {}),
    drivers: new DriverRegistry([bridge, overlay, ...own]),
    assumeNamespaces: options.assumeNamespaces ?? false,
    onPlan: options.onPlan ?? (() => {}),
    ...(options.diagnostics ? { diagnostics: options.diagnostics } : {}),
  }
  const owned = opened.move()
  const networks = new Networks(context, lock, stateDirectory, () => owned.disposeAsync())
  const { follow = true } = options
  const follows = follow === true && cluster !== undefined && !cluster.store.isCopy
  if (follows) networks.follow().catch(() => {})
  return networks
}

/** The store of this machine, joined with the one that machines share if there is one. */
async function openStores(
  { store: given, host = {} }: OpenNetworksOptions,
  directory: string,
): Promise<{ readonly store: Store; readonly cluster?: Cluster }> {
  const shared = given && isShared(given) ? given : undefined
  const own: Store = given && !shared ? given : await openSqliteStore({ directory })
  if (!isHostStore(own)) return { store: own }
  const known = await own.read(membershipOf)
  // An older version remembered a store before this machine was registered there: it must not stop networks of this machine alone.
  if (!shared && !known?.machine) return { store: own }
  const [{ splitStore }, { etcdStore }] = await Promise.all([
    import('../store/split.ts'),
    import('../store/etcd/etcd.ts'),
  ])
  await using opened = new AsyncDisposableStack()
  opened.use(own)
  const etcd = shared ?? etcdStore(known?.etcd ?? { endpoints: [] })
  const store = opened.use(splitStore(own, etcd))
  const wanted = shared || !known ? await membershipFor(store, etcd.options, host) : known
  opened.move()
  return {
    store,
    cluster: { store, wanted, id: wanted.id, graceSeconds: wanted.host.graceSeconds ?? 30 },
  }
}

function isShared(store: Store): store is SharedStore {
  return 'announce' in store
}

function isHostStore(store: Store): store is HostStore {
  return 'updateAfter' in store
}

async function driverParts(identity: Identity): Promise<DriverParts> {
  const firewall = await firewallsOf(identity)
  return {
    bridge(name) {
      if (name === 'bridge') return bridgeDriver(firewall(identity), identity.label)
      if (typeof name !== 'string' || !labelPattern.test(name))
        throw new NetdojoError({
          code: 'usage',
          operation: 'make',
          object: 'the parts of a driver',
          reason: `the name of a driver must be ${labelRule}, not ${quote(name)}`,
          advice: ['choose a name like lan'],
        })
      const label = `${identity.label}-${name}`
      const owner = createHash('sha256').update(`${identity.owner}/${name}`).digest('hex')
      return bridgeDriver(firewall({ label, owner: owner.slice(0, 8) }), label)
    },
  }
}

/** Marks kernel objects as those of this state; it stays the same while there are networks. */
type Identity = {
  readonly owner: string
  readonly label: string
  readonly firewall: 'nftables' | 'iptables'
}
const identityKey = 'identity'

function identify(store: Store, { label, firewall }: OpenNetworksOptions): Promise<Identity> {
  return store.update((transaction) => {
    const known = transaction.record<Identity>(identityKey)
    if (known !== undefined) stored(identitySchema, identityKey, known)
    const identity: Identity = {
      owner: known?.owner ?? randomBytes(4).toString('hex'),
      label: label ?? known?.label ?? 'netdojo',
      // Each kernel that Node 24 runs on has nftables, but the program may be missing.
      firewall: firewall ?? known?.firewall ?? (isInstalled('nft') ? 'nftables' : 'iptables'),
    }
    const isSame = known?.label === identity.label && known.firewall === identity.firewall
    if (isSame) return identity
    if (known && allNetworks(transaction).length > 0) throw otherIdentity(known)
    transaction.setRecord(identityKey, identity)
    return identity
  })
}

const labelPattern = /^[a-z][a-z0-9]{0,11}$/
const labelRule = '1 to 12 lower-case letters or digits, starting with a letter'
const identitySchema = v.object({
  owner: matching(/^[0-9a-f]{8}$/, '8 hexadecimal digits'),
  label: matching(labelPattern, labelRule),
  firewall: v.picklist(['nftables', 'iptables'], 'nftables or iptables'),
})

function otherIdentity({ label, firewall }: Identity): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'open',
    object: 'the networks',
    reason: `they were created with the label ${label} and the firewall ${firewall}`,
    advice: [
      'open them with the same label and firewall, or name none',
      'or remove the networks first',
    ],
  })
}

type MakeFirewall = (own: Pick<Identity, 'label' | 'owner'>) => Firewall

async function firewallsOf({ firewall }: Identity): Promise<MakeFirewall> {
  if (firewall === 'nftables') return ({ label, owner }) => nftables({ table: label, owner })
  if (firewall === 'iptables') return (await import('../firewall/iptables/iptables.ts')).iptables
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the firewall',
    object: quote(firewall),
    reason: 'a firewall must be nftables or iptables',
    advice: ['leave it out to use nftables where nft is installed'],
  })
}

const storeMethods = ['read', 'update', 'close', Symbol.asyncDispose]
const isStore = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  storeMethods.every((name) => typeof Reflect.get(value, name) === 'function')
const storeSchema = v.object({
  store: v.optional(v.custom(isStore, 'a store, with the methods read, update and close')),
})

function refuseBadStore(options: OpenNetworksOptions): void {
  readRequest(storeSchema, options, 'open', () => 'the networks')
}

function refuseBadLabel(label: string | undefined): void {
  if (label === undefined || (typeof label === 'string' && labelPattern.test(label))) return
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the label',
    object: quote(label),
    reason: `a label must be ${labelRule}`,
    advice: ['choose a label like lab or lab2'],
  })
}

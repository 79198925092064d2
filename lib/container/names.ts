// Writes the hosts files of containers: each lists the container and the running containers of its networks, and is refreshed as they start and end.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { peersOf } from '../network/cluster/peers.ts'
import { allNetworks, endpointsOf, findNetwork, type EndpointRecord } from '../network/records.ts'
import type { ReadTransaction, Store } from '../store/store.ts'
import { hostGateway } from './requests.ts'
import { aliasLabel, allContainers, type ContainerRecord } from './records.ts'

const loopback = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
`

/**
 * Rewrites each hosts file that differs from the records. Of several processes that do so at once, the one with the
 * oldest view could write last: so each reads the records again after it has written, until nothing has changed.
 */
export async function refreshHosts(
  store: Store,
  directoryOf: (id: string) => string,
): Promise<void> {
  for (let last = ''; ;) {
    const files = await store.read((transaction) => allHosts(transaction))
    const seen = JSON.stringify([...files])
    if (seen === last) return
    last = seen
    for (const [id, text] of files) writeInPlace(join(directoryOf(id), 'hosts'), text)
  }
}

export function writeFirstHosts(directory: string): void {
  writeFileSync(join(directory, 'hosts'), loopback, { mode: 0o644 })
}

function allHosts(transaction: ReadTransaction): ReadonlyMap<string, string> {
  const containers = allContainers(transaction).filter(
    ({ status }) => status === 'creating' || status === 'running',
  )
  const endpoints = endpointsOf(transaction)
  const attached = containers.map((container) => ({
    container,
    endpoints: endpoints.filter(({ netns }) => netns === container.netns),
  }))
  const networksOfCluster = allNetworks(transaction).filter(({ scope }) => scope === 'cluster')
  const remote = (own: readonly EndpointRecord[]) =>
    networksOfCluster
      .filter(({ name }) => own.some(({ network }) => network === name))
      .flatMap(({ id }) => peersOf(transaction, id))
      .filter(({ names, machine }) => names.length > 0 && machine !== undefined)
      .map(({ address, names }) => `${address}\t${names.join(' ')}`)
  return new Map(
    attached.map((own) => {
      const networks = new Set(own.endpoints.map(({ network }) => network))
      const shared = [own, ...attached.filter((other) => other !== own)].flatMap((other) =>
        other.endpoints
          .filter(({ network }) => networks.has(network))
          .flatMap((endpoint) => lines(other.container, endpoint, other === own)),
      )
      const extra = (own.container.extraHosts ?? []).flatMap(({ name, address }) =>
        (address === hostGateway ? gatewaysOf(transaction, own.endpoints) : [address]).map(
          (address) => `${address}\t${name}`,
        ),
      )
      const all = [...shared, ...remote(own.endpoints), ...extra]
      return [own.container.id, loopback + all.map((line) => `${line}\n`).join('')]
    }),
  )
}

/** Of the first network that leads out, or of the first one: the host's own addresses there. */
function gatewaysOf(
  transaction: ReadTransaction,
  endpoints: readonly EndpointRecord[],
): readonly string[] {
  const [first] = endpoints.toSorted(
    (a, b) =>
      Number(b.defaultRoute) - Number(a.defaultRoute) || a.createdAt.localeCompare(b.createdAt),
  )
  if (!first) return []
  return findNetwork(transaction, first.network).subnets.map(({ gateway }) => gateway)
}

function lines(
  container: ContainerRecord,
  endpoint: EndpointRecord,
  isOwn: boolean,
): readonly string[] {
  const aliases = [...(endpoint.labels[aliasLabel]?.split(',') ?? []), ...(endpoint.aliases ?? [])]
  const names = [...new Set([...(isOwn ? [container.hostname] : []), container.name, ...aliases])]
  return endpoint.addresses.map((cidr) => `${cidr.replace(/\/.*/, '')}\t${names.join(' ')}`)
}

/** Renaming is impossible, since the container has this file mounted. Readers see the old or the new text, very rarely a mix. */
function writeInPlace(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') === text) return
  const file = openSync(path, 'r+')
  const length = writeSync(file, text, 0)
  ftruncateSync(file, length)
  closeSync(file)
}

/** systemd-resolved writes its upstream servers here. */
const resolvedFile = '/run/systemd/resolve/resolv.conf'

/**
 * The host's DNS servers, without those on its loopback, which a container cannot reach. Without any server the C library
 * asks 127.0.0.1, where no program listens, so a name that is in no hosts file fails at once.
 */
export function writeResolvConf(
  directory: string,
  nameservers: readonly string[] | undefined,
): void {
  const file = existsSync(resolvedFile) ? resolvedFile : '/etc/resolv.conf'
  const host = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const servers = nameservers?.map((address) => `nameserver ${address}`) ?? host.filter(isUsable)
  const rest = nameservers ? [] : host.filter((line) => /^(search|options)\s/.test(line))
  writeFileSync(join(directory, 'resolv.conf'), [...servers, ...rest, ''].join('\n'), {
    mode: 0o644,
  })
}

function isUsable(line: string): boolean {
  return /^nameserver\s/.test(line) && !/^nameserver\s+(127\.|::1|0\.0\.0\.0)/.test(line)
}

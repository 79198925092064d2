// The names of containers: each has a hosts file with itself and the running containers of its networks, which follows them as they come and go.
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
import { endpointsOf, type EndpointRecord } from '../network/records.ts'
import type { ReadTransaction, Store } from '../store/store.ts'
import { allContainers, type ContainerRecord } from './records.ts'

/** The label that keeps the other names of an endpoint, separated by commas. */
export const aliasLabel = 'netdojo.aliases'

const loopback = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
`

/**
 * Writes the hosts file of every container anew that differs from the records. Of several who do this at once, one
 * with an older view could write last: so each looks again after it has written, until nothing has changed.
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
  return new Map(
    attached.map((own) => {
      const networks = new Set(own.endpoints.map(({ network }) => network))
      const shared = [own, ...attached.filter((other) => other !== own)].flatMap((other) =>
        other.endpoints
          .filter(({ network }) => networks.has(network))
          .flatMap((endpoint) => lines(other.container, endpoint, other === own)),
      )
      return [own.container.id, loopback + shared.map((line) => `${line}\n`).join('')]
    }),
  )
}

function lines(
  container: ContainerRecord,
  endpoint: EndpointRecord,
  isOwn: boolean,
): readonly string[] {
  const aliases = endpoint.labels[aliasLabel]?.split(',') ?? []
  const names = [...new Set([...(isOwn ? [container.hostname] : []), container.name, ...aliases])]
  return endpoint.addresses.map((cidr) => `${cidr.replace(/\/.*/, '')}\t${names.join(' ')}`)
}

/** Not by renaming: the container has this very file mounted. Readers see the old or the new text, hardly ever both. */
function writeInPlace(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') === text) return
  const file = openSync(path, 'r+')
  const length = writeSync(file, text, 0)
  ftruncateSync(file, length)
  closeSync(file)
}

/** Where systemd-resolved keeps the servers that it asks itself. */
const resolvedFile = '/run/systemd/resolve/resolv.conf'

/**
 * The host's name servers, without those on its loopback, which nobody in the container would reach. With none at all
 * the C library asks 127.0.0.1, where nobody listens, and a name that is in no hosts file fails at once.
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

// Compares what exists with what a request asks for, so that a repeated request gives what it gave before, and a different one is refused.
import { formatPortMapping } from '../address/port-mapping.ts'
import type { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import { readPool } from '../ipam/pool-records.ts'
import type { ReadTransaction } from '../store/store.ts'
import { titleOf, type EndpointRecord, type NetworkRecord } from './records.ts'
import type { CheckedConnect, CheckedCreate, CreateNetworkOptions } from './requests.ts'

type Compared = readonly [field: string, wanted: unknown, found: unknown]

/** @param given the fields that the request names; the others may differ. @throws NetdojoError `network-differs` */
export function refuseOtherNetwork(
  transaction: ReadTransaction,
  network: NetworkRecord,
  checked: CheckedCreate,
  given: CreateNetworkOptions,
): void {
  const [four, six] = ([4, 6] as const).map((family) => {
    const found = network.subnets.find(({ subnet }) => subnet.includes(':') === (family === 6))
    return (
      found && Object.assign({ pool: readPool(transaction, Subnet.parse(found.subnet)) }, found)
    )
  })
  const { subnet, subnet6, gateway, gateway6, ipRange, ipRange6, reserved, pool, pool6 } = checked
  const pools = [four?.pool, six?.pool].filter((pool) => pool !== undefined)
  const all: readonly Compared[] = [
    ['driver', checked.driver, network.driver],
    ['subnet', subnet && `${subnet}`, four?.subnet],
    ['pool', pool && `${pool}`, four?.pool.requested && four.subnet],
    ['pool6', pool6 && `${pool6}`, six?.pool.requested && six.subnet],
    ['gateway', gateway && `${gateway}`, four?.gateway],
    ['ipRange', ipRange && `${ipRange}`, four && `${four.pool.range}`],
    [
      'subnet6',
      subnet6 === true ? six !== undefined : `${subnet6}`,
      subnet6 === true ? true : six?.subnet,
    ],
    ['ipRange6', ipRange6 && `${ipRange6}`, six && `${six.pool.range}`],
    ['gateway6', gateway6 && `${gateway6}`, six?.gateway],
    [
      'reserved',
      reserved.map(String).toSorted(),
      pools.flatMap(({ reserved }) => reserved.map(String)).toSorted(),
    ],
    ['internal', checked.internal, network.internal],
    ['masquerade', checked.masquerade, network.masquerade],
    ['internalTraffic', checked.internalTraffic, network.internalTraffic],
    ['mtu', checked.mtu, network.mtu],
    ['labels', sorted(checked.labels), sorted(network.labels)],
    ['options', sorted(checked.options), sorted(network.options)],
  ]
  const isGiven = new Set(
    Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : field)),
  )
  const differing = firstDifference(all.filter(([field]) => isGiven.has(field)))
  if (!differing) return
  throw differs('network-differs', 'ensure', `the network ${network.name}`, differing, [
    'leave the field out to accept what exists',
    `or remove the network ${network.name} first`,
  ])
}

/** A request with the key of an endpoint asks for that endpoint. @throws NetdojoError `endpoint-differs` */
export function refuseOtherEndpoint(
  endpoint: EndpointRecord,
  netnsInode: number | undefined,
  request: CheckedConnect,
): void {
  const { address, address6, ports } = request
  const addresses = endpoint.addresses.map((cidr) => cidr.replace(/\/.*/, ''))
  const has = (wanted: IpAddress) =>
    addresses.includes(`${wanted}`) ? `${wanted}` : addresses.join(', ')
  const published = new Set(
    [...endpoint.ports, ...(endpoint.publish ?? [])].map(
      ({ protocol, port }) => `${port}/${protocol}`,
    ),
  )
  const missing = ports.find(
    ({ containerPorts: { first, last }, protocol }) =>
      !Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${protocol}`).every(
        (port) => published.has(port),
      ),
  )
  const all: readonly Compared[] = [
    ['netns', netnsInode === endpoint.netnsInode ? endpoint.netns : request.netns, endpoint.netns],
    ['handOver', request.handOver, endpoint.netns === undefined ? endpoint.interface : undefined],
    ['interface', request.interface ?? endpoint.interface, endpoint.interface],
    ['address', address && `${address}`, address && has(address)],
    ['address6', address6 && `${address6}`, address6 && has(address6)],
    ['mac', request.mac ?? endpoint.mac, endpoint.mac],
    ['ports', missing && formatPortMapping(missing), undefined],
  ]
  const differing = firstDifference(all)
  if (!differing) return
  throw differs('endpoint-differs', 'connect to', `the network ${endpoint.network}`, differing, [
    'use another key, or the fields of the first request',
    `or disconnect ${titleOf(endpoint)} first`,
  ])
}

function firstDifference(all: readonly Compared[]): Compared | undefined {
  return all.find(([, wanted, found]) => JSON.stringify(wanted) !== JSON.stringify(found))
}

function differs(
  code: 'network-differs' | 'endpoint-differs',
  operation: string,
  object: string,
  [field, wanted, found]: Compared,
  advice: readonly string[],
): NetdojoError {
  return new NetdojoError({
    code,
    operation,
    object,
    reason: `it exists with ${field} ${shown(found)}, and the request must ask for the same, not for ${shown(wanted)}`,
    advice,
  })
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
}

function sorted(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).toSorted(([one], [other]) => one.localeCompare(other))
}

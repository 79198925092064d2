// Compares the kernel with the records, without the library: devices, rules, addresses, ports and journal must all agree.
import * as assert from 'uvu/assert'
import { listLeases, requestOwner } from '../../lib/ipam/leases.ts'
import { listPools } from '../../lib/ipam/pool-records.ts'
import type { EndpointRecord, NetworkRecord } from '../../lib/network/records.ts'
import { openSqliteStore } from '../../lib/store/sqlite.ts'
import { sh } from './sandbox.ts'

export async function audit(stateDirectory: string, firewall: string): Promise<void> {
  await using store = await openSqliteStore({ directory: stateDirectory })
  const state = await store.read((transaction) => ({
    networks: transaction.records<NetworkRecord>('network/').map(([, record]) => record),
    endpoints: transaction.records<EndpointRecord>('endpoint/').map(([, record]) => record),
    ports: transaction.keys('port/'),
    journal: transaction.keys('journal/'),
    places: transaction.keys('place/'),
    // Requested addresses and pools are of no endpoint and of no network.
    leases: listLeases(transaction).filter(({ owner }) => owner !== requestOwner),
    pools: listPools(transaction).filter(({ owner }) => owner !== requestOwner),
  }))
  assert.equal(state.journal, [], 'the journal is empty')
  const { networks, endpoints } = state
  assert.equal(
    sorted(state.leases.map(({ address, owner }) => `${owner} ${address}`)),
    sorted(
      endpoints.flatMap(({ id, addresses }) =>
        addresses.map((cidr) => `${id} ${cidr.split('/')[0]}`),
      ),
    ),
    'leases and endpoints',
  )
  assert.equal(
    sorted(state.pools.map(({ subnet }) => `${subnet}`)),
    sorted(networks.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet))),
    'pools and networks',
  )
  assert.equal(
    sorted(state.ports),
    sorted(
      endpoints.flatMap(({ ports }) =>
        ports.map((port) => `port/${port.protocol}/${port.hostPort}/${port.hostAddress ?? '*'}`),
      ),
    ),
    'host ports and endpoints',
  )
  assert.equal(
    sorted(state.places),
    sorted(
      endpoints
        .filter(({ attachment }) => attachment === 'netns')
        .map(({ netnsInode, id }) => `place/${netnsInode}/${id}`),
    ),
    'places in namespaces and endpoints',
  )
  assert.equal(
    sorted(
      sh('ip -o link show group 28260')
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(': ')[1]?.replace(/@.*/, '') ?? ''),
    ),
    sorted([
      ...networks.map((network) => network.interface),
      ...endpoints.map(({ hostInterface }) => hostInterface),
    ]),
    'devices and records',
  )
  auditRules(firewall, networks, endpoints)
}

/** Compares the rules with the records: they have every published port and every bridge, and no other element of ours. */
function auditRules(
  firewall: string,
  networks: readonly NetworkRecord[],
  endpoints: readonly EndpointRecord[],
): void {
  const rules =
    firewall === 'nftables'
      ? sh('nft list table inet netdojo 2>/dev/null || true')
      : sh('iptables-save; ip6tables-save')
  if (networks.length === 0) assert.not.match(rules, /netdojo/i, 'no rules without networks')
  const bridges = new Set(rules.match(/\bnd-[\w.-]+/g))
  assert.equal(
    sorted([...bridges]),
    sorted(networks.map((network) => network.interface)),
    'bridges',
  )
  const targets =
    firewall === 'nftables'
      ? [...rules.matchAll(/(tcp|udp|sctp) \. (\d+) : ([\da-f.:]+) \. (\d+)/g)].map(
          ([, protocol, hostPort, address, port]) => `${protocol} ${hostPort} ${address} ${port}`,
        )
      : [
          ...rules.matchAll(
            /-p (\w+) .*--dport (\d+) .*--to-destination \[?([\da-f.:]+?)\]?:(\d+)$/gm,
          ),
        ].map(
          ([, protocol, hostPort, address, port]) => `${protocol} ${hostPort} ${address} ${port}`,
        )
  assert.equal(
    sorted([...new Set(targets)]),
    sorted(
      endpoints.flatMap(({ ports, addresses }) =>
        ports.flatMap(({ protocol, hostPort, port }) =>
          addresses.map((cidr) => `${protocol} ${hostPort} ${cidr.split('/')[0]} ${port}`),
        ),
      ),
    ),
    'published ports',
  )
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.toSorted()
}

// Finds in what a device differs from the wanted one: its namespace, state, bridge, peer, MAC address, MTU and addresses.
import type { Address, Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { mistake, nodeOf, notYet, type Goal, type Missing } from './goal.ts'

export function missingLink(
  node: string,
  wanted: Link,
  now: NodeState,
  world: Snapshot,
  goal: Goal,
): readonly Missing[] {
  const link = wanted.name
  const is = now.links.find(({ name }) => name === link)
  if (!is) return [absent(node, link, world, goal)]
  if (wanted.kind !== is.kind)
    return [
      mistake(node, '{link} on {node} must be of the type {kind}, and is not', {
        link,
        kind: wanted.kind ?? 'device',
      }),
    ]
  const before = nodeOf(goal.before, node)?.links.find(({ name }) => name === link)
  return [
    ...state(node, wanted, is),
    ...bridge(node, wanted, is),
    ...otherEnd(node, wanted, is),
    ...(wanted.mtu === is.mtu
      ? []
      : [
          notYet(node, '{link} on {node} has the MTU {mtu}, but must have {wanted}', {
            link,
            mtu: is.mtu,
            wanted: wanted.mtu,
          }),
        ]),
    ...mac(node, wanted, is, goal),
    ...bridgeData(node, wanted, is),
    ...tunnelData(node, wanted, is),
    ...(wanted.noArp === is.noArp
      ? []
      : [mistake(node, 'ARP is off at {link} on {node}, but must be on', { link })]),
    ...addresses(node, wanted, is, world),
    ...surplus(node, wanted, is, { before, world, goal }),
  ]
}

function bridgeData(node: string, wanted: Link, is: Link): readonly Missing[] {
  const flags = { stp: 'stp_state', vlanFiltering: 'vlan_filtering' } as const
  return (['stp', 'vlanFiltering'] as const)
    .filter((key) => wanted.bridge?.[key] !== is.bridge?.[key])
    .map((key) => {
      const [name, value] = [flags[key], Number(wanted.bridge?.[key])]
      return mistake(
        node,
        '{name} of {link} on {node} is {is}, but must be {value}',
        {
          name,
          link: is.name,
          is: Number(is.bridge?.[key]),
          value,
        },
        `ip link set ${is.name} type bridge ${name} ${value}`,
      )
    })
}

/** None of these can be changed on an existing device: it must be created anew. */
function tunnelData(node: string, wanted: Link, is: Link): readonly Missing[] {
  const words = {
    id: 'id (VNI)',
    port: 'dstport',
    local: 'local',
    remote: 'remote',
    learning: 'learning',
    proxy: 'proxy',
  } as const
  return (['id', 'port', 'local', 'remote', 'learning', 'proxy'] as const)
    .filter((key) => wanted.vxlan?.[key] !== is.vxlan?.[key])
    .map((key) =>
      mistake(
        node,
        "the tunnel {link} on {node} has '{name}' {is}, but must have {value}",
        {
          link: is.name,
          name: words[key],
          is: word(is.vxlan?.[key]),
          value: word(wanted.vxlan?.[key]),
        },
        `ip link delete ${is.name}`,
      ),
    )
}

function word(value: string | number | boolean = false): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
}

function mac(node: string, wanted: Link, is: Link, { macs = [] }: Goal): readonly Missing[] {
  if (wanted.mac === undefined || !macs.includes(wanted.mac) || wanted.mac === is.mac) return []
  return [
    mistake(node, '{link} on {node} has the MAC address {is}, but must have {mac}', {
      link: is.name,
      is: is.mac ?? '?',
      mac: wanted.mac,
    }),
  ]
}

function absent(node: string, link: string, world: Snapshot, { after }: Goal): Missing {
  const has = (other: NodeState | undefined) => other?.links.some(({ name }) => name === link)
  const elsewhere = world.nodes.find(has)
  // Many nodes have an eth0, and each machine can have a br0: where the goal has one too, it is a different device.
  if (elsewhere === undefined || has(nodeOf(after, elsewhere.name)))
    return notYet(node, '{node} has no device {link} yet', { link })
  return notYet(node, '{link} is still on {other}: it must be moved to {node}', {
    link,
    other: elsewhere.name,
  })
}

function state(node: string, wanted: Link, is: Link): readonly Missing[] {
  if (wanted.up === is.up) return []
  return [
    wanted.up
      ? notYet(node, '{link} on {node} is still down', { link: is.name })
      : mistake(node, '{link} on {node} is up, but must still be down', { link: is.name }),
  ]
}

function bridge(node: string, wanted: Link, is: Link): readonly Missing[] {
  const values = { link: is.name, bridge: wanted.master ?? '', other: is.master ?? '' }
  if (wanted.master === is.master) return []
  if (wanted.master === undefined)
    return [
      mistake(
        node,
        '{link} on {node} is a port of {other}, but must not be a port of a bridge',
        values,
      ),
    ]
  return [
    is.master === undefined
      ? notYet(node, '{link} on {node} is not a port of {bridge} yet', values)
      : mistake(
          node,
          '{link} on {node} is a port of {other}, but must be a port of {bridge}',
          values,
        ),
  ]
}

function otherEnd(node: string, wanted: Link, is: Link): readonly Missing[] {
  if (!wanted.peer || wanted.peer.node === null) return []
  const { peer } = is
  if (peer && peer.node === wanted.peer.node && peer.link === wanted.peer.link) return []
  const values = {
    link: is.name,
    wanted: `${wanted.peer.node}/${wanted.peer.link}`,
    is: peer && peer.node !== null ? `${peer.node}/${peer.link}` : '?',
  }
  // A peer that must be moved is reported at its destination.
  if (peer && peer.node !== null && peer.link === wanted.peer.link) return []
  return [mistake(node, 'the other end of {link} is {is}, but must be {wanted}', values)]
}

function addresses(node: string, wanted: Link, is: Link, world: Snapshot): readonly Missing[] {
  return own(wanted)
    .filter((address) => !own(is).some((other) => text(other) === text(address)))
    .map((address) => {
      const values = { link: is.name, address: text(address) }
      const there = placeOf(address, world)
      if (!there) return notYet(node, '{link} on {node} has no address {address} yet', values)
      if (there.node === node && there.link === is.name)
        return mistake(
          node,
          '{bare} on {link} has the prefix length /{prefix}, but must have /{wanted}: the kernel adds a route for that prefix',
          {
            ...values,
            bare: address.address,
            prefix: there.prefix,
            wanted: address.prefix,
          },
          `ip address del ${address.address}/${there.prefix} dev ${is.name}`,
        )
      return mistake(node, '{address} is on {other}, but must be on {link} on {node}', {
        ...values,
        other: `${there.node}/${there.link}`,
      })
    })
}

type Around = {
  readonly before: Link | undefined
  readonly world: Snapshot
  readonly goal: Goal
}

/** Addresses that the goal does not have on this device. An address in the wrong place is reported where it must be. */
function surplus(
  node: string,
  wanted: Link,
  is: Link,
  { before, world, goal }: Around,
): readonly Missing[] {
  return own(is)
    .filter((address) => !own(wanted).some((other) => other.address === address.address))
    .flatMap((address): readonly Missing[] => {
      const values = { link: is.name, address: text(address) }
      const undo = `ip address del ${text(address)} dev ${is.name}`
      if (before && own(before).some((other) => text(other) === text(address)))
        return [notYet(node, '{link} on {node} still has the address {address}', values, undo)]
      const owner = placeOf(address, goal.after)
      if (!owner)
        return [
          mistake(
            node,
            '{link} on {node} has an address that the goal does not have: {address}',
            values,
            undo,
          ),
        ]
      const isThere = world.nodes.some(
        ({ name, links }) =>
          name === owner.node &&
          links.some((link) => link.name === owner.link && hasAddress(link, address)),
      )
      return isThere ? [twice(node, is.name, address, owner, undo)] : []
    })
}

function hasAddress({ addresses }: Link, { address }: Address): boolean {
  return addresses.some((other) => other.address === address)
}

function twice(
  node: string,
  link: string,
  { address }: Address,
  owner: { readonly node: string; readonly link: string },
  undo: string,
): Missing {
  return mistake(
    node,
    '{address} is on {link} on {node} and also on {other}: an address must have one owner',
    { address, link, other: `${owner.node}/${owner.link}` },
    undo,
  )
}

/** On devices that the goal does not know: an address that belongs elsewhere, and a port of a bridge of the goal. */
export function strangeLinks(
  { name: node, links }: NodeState,
  { after }: Goal,
): readonly Missing[] {
  const known = nodeOf(after, node)?.links ?? []
  const has = (link: string | undefined) => known.some(({ name }) => name === link)
  const strange = links.filter(({ name }) => !has(name))
  return [
    ...strange.flatMap((link) =>
      own(link).flatMap((address) => {
        const owner = placeOf(address, after)
        const undo = `ip address del ${text(address)} dev ${link.name}`
        return owner ? [twice(node, link.name, address, owner, undo)] : []
      }),
    ),
    ...strange
      .filter(({ master }) => has(master))
      .map(({ name, master = '' }) =>
        mistake(
          node,
          '{link} on {node} is a port of {other}, but must not be a port of a bridge',
          { link: name, other: master },
          `ip link set ${name} nomaster`,
        ),
      ),
  ]
}

function placeOf({ address }: Address, { nodes }: Snapshot) {
  for (const { name, links } of nodes)
    for (const link of links)
      for (const other of link.addresses)
        if (other.address === address) return { node: name, link: link.name, prefix: other.prefix }
  return undefined
}

/** The addresses that the kernel did not add by itself: when the loopback device comes up, it adds 127.0.0.1. */
function own({ name, up, addresses }: Link): readonly Address[] {
  return addresses.filter(
    ({ scope, family }) =>
      (name !== 'lo' || !up || scope !== 'host') && (family === 4 || scope !== 'link'),
  )
}

function text({ address, prefix }: Address): string {
  return `${address}/${prefix}`
}

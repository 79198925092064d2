// Finds in what the ports of bridges differ from the goal, and entries that a flush must remove.
import type { BridgePort, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { mistake, nodeOf, notYet, type Goal, type Missing } from './goal.ts'

const flags = {
  learning: 'learning',
  flooding: 'flood',
  hairpin: 'hairpin',
  isolated: 'isolated',
  broadcastFlooding: 'bcast_flood',
  multicastFlooding: 'mcast_flood',
  locked: 'locked',
} as const satisfies Partial<Record<keyof BridgePort, string>>

export function missingPorts(
  wanted: NodeState,
  now: NodeState,
  world: Snapshot,
  goal: Goal,
): readonly Missing[] {
  const before = nodeOf(goal.before, wanted.name)
  return wanted.ports
    .flatMap((port): readonly Missing[] => {
      const is = now.ports.find(({ link, bridge }) => link === port.link && bridge === port.bridge)
      if (!is) return []
      const was = before?.ports.find(({ link }) => link === port.link)
      return [
        ...flagsOf(wanted.name, { port, is, was }),
        ...learned(now, port),
        ...neighbours(now, port),
      ]
    })
    .concat(entries(wanted, now, world, goal))
}

/** Entries of the forwarding tables of bridges and tunnels, and of the neighbour table, that somebody has set: the kernel never changes them. */
function entries(wanted: NodeState, now: NodeState, world: Snapshot, goal: Goal): Missing[] {
  const set = ({ forwarding, neighbours: all, links }: NodeState, { nodes }: Snapshot) => {
    const nameOf = (mac = '') => (goal.macs?.includes(mac) ? mac : (deviceWith(mac, nodes) ?? mac))
    const followed = followedLinks(links)
    return [
      ...forwarding
        .filter(
          ({ bridge, destination, learned: isLearned, local, mac, link }) =>
            (bridge || destination) &&
            !isLearned &&
            !local &&
            !/^\w[13579bdf]/.test(mac) &&
            !followed.has(link),
        )
        .map(({ mac, link, destination }) =>
          [nameOf(mac), 'dev', link, ...(destination ? ['dst', destination] : [])].join(' '),
        ),
      ...all
        .filter(
          ({ state, mac, link }) => state === 'PERMANENT' && isSet(mac) && !followed.has(link),
        )
        .map(({ address, mac, link }) => `${address} lladdr ${nameOf(mac)} dev ${link}`),
    ]
  }
  const [known, is] = [set(wanted, goal.after), set(now, world)]
  return [
    ...known
      .filter((entry) => !is.includes(entry))
      .map((entry) => notYet(wanted.name, '{node} has no permanent entry {entry} yet', { entry })),
    ...is
      .filter((entry) => !known.includes(entry))
      .map((entry) =>
        mistake(wanted.name, '{node} has a permanent entry that the goal does not have: {entry}', {
          entry,
        }),
      ),
  ]
}

function isSet(mac: string | undefined): boolean {
  return mac !== undefined && mac !== '00:00:00:00:00:00'
}

/** The devices with this MAC address, by their names: a random MAC address differs from run to run. */
function deviceWith(mac: string, nodes: readonly NodeState[]): string | undefined {
  const names = nodes.flatMap(({ name, links }) =>
    links.filter((link) => link.mac === mac).map((link) => `${name}/${link.name}`),
  )
  return names.length === 0 ? undefined : names.toSorted().join('=')
}

/**
 * The tunnels of overlay networks and their bridges (lib/driver/overlay/tunnel.ts). Their entries are the follower's, which writes
 * them a moment after the command has ended.
 */
function followedLinks(links: NodeState['links']): ReadonlySet<string | undefined> {
  const tunnels = links.filter(({ name, vxlan }) => vxlan && /^ndx[0-9a-f]{12}$/.test(name))
  return new Set(tunnels.flatMap(({ name, master }) => [name, master]))
}

function flagsOf(
  node: string,
  {
    port,
    is,
    was,
  }: {
    readonly port: BridgePort
    readonly is: BridgePort
    readonly was: BridgePort | undefined
  },
): readonly Missing[] {
  return Object.entries(flags).flatMap(([key, word]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of `flags`
    const flag = key as keyof typeof flags
    if (port[flag] === is[flag]) return []
    const values = {
      flag: word,
      link: port.link,
      is: is[flag] ? 'on' : 'off',
      wanted: port[flag] ? 'on' : 'off',
    }
    const text = "the port {link} on {node} has '{flag} {is}', but must have '{flag} {wanted}'"
    const undo = `bridge link set dev ${port.link} ${word} ${values.wanted}`
    return was && was[flag] !== port[flag]
      ? [notYet(node, text, values)]
      : [mistake(node, text, values, undo)]
  })
}

/** A port that does not learn has no learned entries once the table was flushed. */
function learned({ name, forwarding }: NodeState, { link, bridge, learning }: BridgePort) {
  if (learning || !forwarding.some((entry) => entry.link === link && entry.learned)) return []
  return [
    notYet(name, '{bridge} on {node} still knows which address is behind {link}: flush its table', {
      bridge,
      link,
    }),
  ]
}

/** A port of a bridge receives no ARP answers, so the neighbour entries that it learned are only what is left from before. */
function neighbours({ name, neighbours: all }: NodeState, { link }: BridgePort) {
  const isLeft = all.some(
    (entry) =>
      entry.link === link &&
      entry.family === 4 &&
      entry.mac &&
      !/FAILED|PERMANENT/.test(entry.state),
  )
  if (!isLeft) return []
  return [notYet(name, '{node} still has neighbour entries on {link}: flush them', { link })]
}

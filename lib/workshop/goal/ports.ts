// Finds in what the ports of bridges differ from the goal, and entries that a flush must remove.
import type { BridgePort, NodeState } from '../../kernel/state/state.ts'
import { mistake, notYet, type Missing } from './goal.ts'

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
  before: NodeState | undefined,
): readonly Missing[] {
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
    .concat(entries(wanted, now))
}

/** Entries of the forwarding tables of bridges and tunnels, and of the neighbour table, that somebody has set: the kernel never changes them. */
function entries(wanted: NodeState, now: NodeState): Missing[] {
  const set = ({ forwarding, neighbours: all }: NodeState) => [
    ...forwarding
      .filter(
        ({ bridge, destination, learned: isLearned, local, mac }) =>
          (bridge || destination) && !isLearned && !local && !/^\w[13579bdf]/.test(mac),
      )
      .map(({ mac, link, destination }) =>
        destination === undefined ? `${mac} dev ${link}` : `${mac} dev ${link} dst ${destination}`,
      ),
    ...all
      .filter(({ state, mac }) => state === 'PERMANENT' && mac && mac !== '00:00:00:00:00:00')
      .map(({ address, mac, link }) => `${address} lladdr ${mac} dev ${link}`),
  ]
  const [known, is] = [set(wanted), set(now)]
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

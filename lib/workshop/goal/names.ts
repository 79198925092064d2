// Gives a goal the names of this world: the library gives namespaces and devices names with a random part, which differ in the second
// world, where the goal comes from.
import type { NodeState } from '../../kernel/state/state.ts'
import type { Goal, World } from './goal.ts'

export function withNamesOf(now: World, goal: Goal): Goal {
  const own = randomNames(now.nodes)
  const others = [...randomNames(goal.before.nodes), ...randomNames(goal.after.nodes)].flatMap(
    ([key, other]): readonly (readonly [string, string])[] => {
      const name = own.get(key)
      return name === undefined || name === other ? [] : [[other, name]]
    },
  )
  if (others.length === 0) return goal
  const names = new Map(others)
  const text = JSON.stringify(goal).replaceAll(random, (name) => names.get(name) ?? name)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same goal with other names
  return JSON.parse(text) as Goal
}

/** The namespace of a container, the host's end of an endpoint, and a tunnel: lib/container, lib/network and lib/driver name them. */
const random = /\bnd-[\w-]+-[0-9a-f]{8}\b|\bnd[vx][0-9a-f]{12}\b/g

/** The names by what they are for: the name of a container, the other end of a cable, or the number of a tunnel. */
function randomNames(nodes: readonly NodeState[]): ReadonlyMap<string, string> {
  const isRandom = (name: string) => new RegExp(`^(?:${random.source})$`).test(name)
  const stem = (node: string) => (isRandom(node) ? node.replace(/-[0-9a-f]{8}$/, '') : node)
  return new Map([
    ...nodes.filter(({ name }) => isRandom(name)).map(({ name }) => [stem(name), name] as const),
    ...nodes.flatMap(({ links }) =>
      links
        .filter(({ name }) => isRandom(name))
        .map(({ name, peer, vxlan }) => {
          if (vxlan) return [`tunnel ${vxlan.id}`, name] as const
          const end = peer && peer.node !== null ? `${stem(peer.node)}/${peer.link}` : name
          return [end, name] as const
        }),
    ),
  ])
}

// Compares two snapshots: lists what was configured, and separately what packets left behind.
import { message } from '../../language/message.ts'
import { speakEnglish, type Translate } from '../../language/translate.ts'
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { change, type Change, type Difference } from './collection.ts'
import { firewallChanges } from './firewall.ts'
import { linkChanges } from './links.ts'
import { listenerChanges, sysctlChanges } from './settings.ts'
import { routeChanges, ruleChanges } from './routes.ts'
import { staticChanges, trafficOf } from './traffic.ts'

export type { Change, Difference }

export function difference(before: Snapshot, after: Snapshot): Difference {
  const changes: Change[] = []
  const traffic: Change[] = []
  const known = new Map(before.nodes.map((node) => [node.name, node]))
  const names = new Set(after.nodes.map(({ name }) => name))
  for (const node of after.nodes) {
    const old = known.get(node.name)
    // The page keeps the object of a node that has not changed.
    if (old === node) continue
    if (!old) changes.push(change(node.name, '+')(message('network namespace')))
    const [from, worlds] = [old ?? empty(node), { before, after }] as const
    changes.push(
      ...linkChanges(from, node, worlds),
      ...routeChanges(from, node),
      ...ruleChanges(from, node),
      ...staticChanges(from, node, worlds),
      ...firewallChanges(from, node).changes,
      ...sysctlChanges(from, node),
      ...listenerChanges(from, node),
    )
    traffic.push(...firewallChanges(from, node).traffic, ...trafficOf(from, node, worlds))
  }
  const gone = before.nodes.filter(({ name }) => !names.has(name))
  return {
    // A node that could not be read was not removed.
    changes: [
      ...changes,
      ...gone
        .filter(
          ({ name }) => !after.unread.some(({ node, what }) => node === name && what === 'all'),
        )
        .map(({ name }) => change(name, '-')(message('network namespace'))),
    ],
    traffic,
  }
}

/** `host: + bridge br0 (down)`. */
export function changeLine(change: Change, translate: Translate = speakEnglish): string {
  const { node, sign } = change
  return sign === '~' ? `${node}: ${translate(change)}` : `${node}: ${sign} ${translate(change)}`
}

/** The state of a new namespace: a loopback device that is down, and the kernel's own rules and sysctls. */
function empty({ name, links, rules, sysctls }: NodeState): NodeState {
  const none = { routes: [], neighbours: [], ports: [], forwarding: [], chains: [], sets: [] }
  const loopback = links.filter((link) => link.name === 'lo')
  return {
    ...none,
    name,
    connections: [],
    listeners: [],
    groups: [],
    qdiscs: [],
    queues: [],
    counters: {},
    links: loopback.map(unused),
    rules: rules.filter(({ priority }) => priority === 0 || priority >= 32766),
    // The kernel copies some of them from another namespace: in a new one, nothing was changed.
    sysctls,
  }
}

function unused(link: Link): Link {
  return { ...link, up: false, carrier: false, addresses: [] }
}

// Writes a world as a script of ip, nft and sysctl lines: in a fresh world, it makes the same network. It says by a comment what it lacks.
import { run } from '../exec/run.ts'
import { shellQuote } from '../exec/shell-quote.ts'
import type {
  Chain,
  Listener,
  Neighbour,
  NodeState,
  Route,
  RoutingRule,
} from '../kernel/state/state.ts'
import { findNodes } from '../observe/nodes.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { deviceLines, newDevices, on } from './world-devices.ts'
import { sysctlLines, within } from './world-sysctls.ts'

/**
 * Reads the world around this process.
 * @param fresh the state of the world before anybody changed it.
 */
export async function worldScript(fresh: Snapshot): Promise<string> {
  const nodes = findNodes()
  const now = await takeSnapshot(nodes)
  const tables = new Map(
    await Promise.all(
      nodes.map(async ({ name, netns }) => {
        const state = now.nodes.find((node) => node.name === name)
        return [name, state ? await nftTables(state, netns) : []] as const
      }),
    ),
  )
  return scriptOf(fresh, now, { tables, usual: await usualSysctls(now) })
}

/** The settings of a new namespace: it copies some of them from the machine. */
async function usualSysctls({ nodes }: Snapshot): Promise<NodeState['sysctls']> {
  const names = Object.keys(nodes.at(-1)?.sysctls ?? {}).filter(
    (name) => !/\.conf\.(?!(all|default|lo)\.)/.test(name),
  )
  const options = { input: '', allowFailure: true }
  const { stdout } = await run('unshare', ['--net', 'sysctl', '-e', ...names], options)
  return Object.fromEntries(
    [...stdout.matchAll(/^(\S+) = (.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('\t', ' '),
    ]),
  )
}

type Known = {
  /** The tables of each node in the words of nft: only these have its types and flags. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  /** The sysctls of a new namespace. */
  readonly usual: NodeState['sysctls']
}

function scriptOf(fresh: Snapshot, now: Snapshot, { tables, usual }: Known): string {
  const before = (name: string) => fresh.nodes.find((node) => node.name === name)
  const isNew = ({ name }: NodeState) => !before(name)
  const rules = fresh.nodes[0]?.rules ?? []
  const pairs = now.nodes.map((node) => ({
    node,
    old: before(node.name) ?? emptied(node, rules, usual),
  }))
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    [
      'namespaces',
      [
        ...fresh.nodes
          .filter(({ name }) => !now.nodes.some((node) => node.name === name))
          .map(({ name }) => `ip netns delete ${shellQuote(name)}`),
        ...now.nodes.filter(isNew).map(({ name }) => `ip netns add ${shellQuote(name)}`),
      ],
    ],
    ['sysctls', pairs.flatMap(({ node, old }) => sysctlLines(old, node, 'node'))],
    ['devices', newDevices(fresh, now)],
    ['sysctls of devices', pairs.flatMap(({ node, old }) => sysctlLines(old, node, 'device'))],
    ['state and addresses', pairs.flatMap(({ node, old }) => deviceLines(old, node, now))],
    [
      'neighbours, routes and rules',
      pairs.flatMap(({ node, old }) => [
        ...neighbourLines(old, node),
        ...routeLines(old, node),
        ...ruleLines(old, node),
      ]),
    ],
    [
      'firewall',
      pairs.flatMap(({ node }) => [
        ...iptablesLines(node),
        ...(tables.get(node.name) ?? []).map((table) => nftLines(node.name, table)),
      ]),
    ],
    ['servers', pairs.flatMap(({ node, old }) => serverLines(old, node))],
  ]
  const written = parts.flatMap(([title, lines]) =>
    lines.length === 0 ? [] : ['', `# ${title}`].concat(lines),
  )
  return `${[
    '#!/bin/sh',
    '# A network of netdojo. To build it in a fresh world: npm run shell, and there: sh FILE',
    'set -e',
    ...written,
  ].join('\n')}\n`
}

/** The node as `ip netns add` makes it. */
function emptied(
  node: NodeState,
  rules: NodeState['rules'],
  sysctls: NodeState['sysctls'],
): NodeState {
  const lo = node.links.find(({ name }) => name === 'lo')
  return {
    ...node,
    links: lo ? [{ ...lo, up: false, addresses: [], mtu: 65_536 }] : [],
    routes: [],
    neighbours: [],
    chains: [],
    sets: [],
    listeners: [],
    rules,
    sysctls,
  }
}

function neighbourLines(old: NodeState, { name, neighbours }: NodeState): readonly string[] {
  const lineOf = ({ address, link, mac, state }: Neighbour) =>
    state === 'PROXY'
      ? on(name, 'ip', `neighbour add proxy ${address} dev ${shellQuote(link)}`)
      : on(
          name,
          'ip',
          `neighbour replace ${address} lladdr ${mac} dev ${shellQuote(link)} nud permanent`,
        )
  const lasting = (all: readonly Neighbour[]) =>
    all.filter(({ state, mac }) => state === 'PROXY' || (state === 'PERMANENT' && mac)).map(lineOf)
  const known = new Set(lasting(old.neighbours))
  return lasting(neighbours).filter((line) => !known.has(line))
}

function routeLines(old: NodeState, { name, routes }: NodeState): readonly string[] {
  const chosen = (all: readonly Route[]) =>
    all.filter(
      ({ protocol, to }) => protocol !== 'kernel' && protocol !== 'ra' && to !== 'ff00::/8',
    )
  const placeOf = ({ family, table, to, metric, tos }: Route) =>
    JSON.stringify([family, table, to, metric, tos])
  const textOf = (same: readonly Route[]) => {
    const [first] = same
    if (!first) return ''
    const { family, table, type, to, metric, tos, source, mtu } = first
    const hop = ({ via, link }: Route) =>
      [
        ...(via === undefined
          ? []
          : [`via ${via.includes(':') && family === 4 ? 'inet6 ' : ''}${via}`]),
        ...(link === undefined || type !== 'unicast' ? [] : [`dev ${shellQuote(link)}`]),
      ].join(' ')
    return [
      ...(type === 'unicast' ? [] : [type]),
      to,
      ...(same.length === 1 ? [hop(first)] : same.map((route) => `nexthop ${hop(route)}`)),
      ...(tos === undefined ? [] : [`tos 0x${tos.toString(16)}`]),
      ...(metric === undefined ? [] : [`metric ${metric}`]),
      ...(table === 'main' ? [] : [`table ${table}`]),
      ...(source === undefined ? [] : [`src ${source}`]),
      ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ]
      .filter((word) => word !== '')
      .join(' ')
  }
  const listed = (all: readonly Route[]) =>
    [...Map.groupBy(chosen(all), placeOf).values()].map((same) => ({
      route: same[0],
      text: textOf(same),
    }))
  const [was, is] = [listed(old.routes), listed(routes)]
  const family = (route: Route | undefined) => (route?.family === 6 ? '-6 ' : '')
  // A gateway must be reached by a route that is there already.
  const inOrder = is.toSorted(
    (one, other) => Number(one.route?.via !== undefined) - Number(other.route?.via !== undefined),
  )
  return [
    ...was
      .filter(({ text }) => !is.some((each) => each.text === text))
      // It may have gone with its device.
      .map(
        ({ route, text }) =>
          `${on(name, 'ip', `${family(route)}route delete ${text}`)} 2>/dev/null || true`,
      ),
    ...inOrder
      .filter(({ text }) => !was.some((each) => each.text === text))
      .map(({ route, text }) => on(name, 'ip', `${family(route)}route replace ${text}`)),
  ]
}

function ruleLines(old: NodeState, { name, rules }: NodeState): readonly string[] {
  const lineOf =
    (verb: string) =>
    ({ family, priority, text }: RoutingRule) =>
      on(name, 'ip', `${family === 6 ? '-6 ' : ''}rule ${verb} priority ${priority} ${text}`)
  const missing = (from: readonly RoutingRule[], all: readonly RoutingRule[], verb: string) => {
    const known = new Set(all.map(lineOf(verb)))
    return from.map(lineOf(verb)).filter((line) => !known.has(line))
  }
  return [...missing(old.rules, rules, 'delete'), ...missing(rules, old.rules, 'add')]
}

function iptablesLines({ name, chains }: NodeState): readonly string[] {
  const own = chains.filter(({ backend }) => backend !== 'nft')
  const lineOf = ({ backend, family, table }: Chain, rest: string) => {
    const program = `${family === 'ip6' ? 'ip6tables' : 'iptables'}${backend === 'iptables-legacy' ? '-legacy' : ''}`
    return within(name, `${program}${table === 'filter' ? '' : ` -t ${table}`} ${rest}`)
  }
  return [
    // All chains are there before a rule leads to one of them.
    ...own.flatMap((chain) =>
      chain.hook === undefined
        ? [lineOf(chain, `-N ${shellQuote(chain.name)}`)]
        : chain.policy === undefined || chain.policy === 'accept'
          ? []
          : [lineOf(chain, `-P ${chain.name} ${chain.policy.toUpperCase()}`)],
    ),
    ...own.flatMap((chain) =>
      chain.rules.map(({ text }) => lineOf(chain, `-A ${shellQuote(chain.name)} ${inShell(text)}`)),
    ),
  ]
}

/** iptables-save quotes a word with a space by `"`, and writes a backslash before some characters in it. */
function inShell(text: string): string {
  const words = text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []
  return words
    .map((word) =>
      shellQuote(
        word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word,
      ).replace(/^'!'$/, '!'),
    )
    .join(' ')
}

async function nftTables({ chains, sets }: NodeState, netns: string): Promise<readonly string[]> {
  const iptables = new Set(
    chains
      .filter(({ backend }) => backend === 'iptables-nft')
      .map(({ family, table }) => `${family} ${table}`),
  )
  const names = [...chains.filter(({ backend }) => backend === 'nft'), ...sets].map(
    ({ family, table }) => `${family} ${table}`,
  )
  const wanted = [...new Set(names)].filter((name) => !iptables.has(name))
  return Promise.all(
    wanted.map(async (name) => {
      const { stdout } = await run('nft', ['-s', 'list', 'table', ...name.split(' ')], {
        netns,
        input: '',
        allowFailure: true,
      })
      return stdout
    }),
  )
}

function nftLines(node: string, table: string): string {
  return `${within(node, 'nft -f -')} <<'END'\n${table.trimEnd()}\nEND`
}

/** Nobody knows which program listened: the lab's server takes its place. */
function serverLines(old: NodeState, { name, listeners }: NodeState): readonly string[] {
  const lineOf = ({ protocol, address, port, link }: Listener) =>
    link === undefined && /^(0\.0\.0\.0|::)$/.test(address)
      ? `${within(name, `serve ${port}${protocol === 'udp' ? ' --udp' : ''}`)} >/dev/null 2>&1 &`
      : `# a program of ${name} listened on ${protocol} ${address} port ${port}`
  const known = new Set(old.listeners.map(lineOf))
  return [...new Set(listeners.map(lineOf))].filter((line) => !known.has(line))
}

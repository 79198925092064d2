// Shows a state of the network as tables, each in a tab of the evidence: what the kernel holds, with an edge where it changed.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Change } from '../../../observe/difference/difference.ts'
import { routeText } from '../../../observe/difference/routes.ts'
import type { Chain, Connection, NodeState, Route, Tuple } from '../../../kernel/state/state.ts'
import { classes, Command } from '../elements.ts'
import type { Followed, Shown, TableTab } from '../model.ts'
import { openPackets } from '../packets/mode.ts'
import { highlighted, packetActions } from '../packet-actions.ts'
import { SmallEnvelope } from '../packets/envelope.ts'
import { translate } from '../text.ts'

type TabProps = { readonly shown: Shown }

export function tabCount(tab: TableTab, shown: Shown): { count: number; changed: boolean } {
  if (tab === 'packets') return { count: shown.journeys.length, changed: false }
  if (tab === 'changes') return { count: shown.changes.length, changed: shown.changes.length > 0 }
  const keys = (state: Shown['state']) =>
    state?.nodes.flatMap((node) => rowsOf[tab](node).map(({ key }) => `${node.name} ${key}`)) ?? []
  const [were, are] = [new Set(keys(shown.before.state)), keys(shown.state)]
  const changed =
    shown.before.state !== null &&
    (are.some((key) => !were.has(key)) || were.size !== new Set(are).size)
  return { count: are.length, changed }
}

/** A line of a table: equal keys are the same line in two states. */
type Line = {
  readonly key: string
  readonly cells: readonly ComponentChild[]
  readonly text: string
}

const rowsOf: Readonly<
  Record<'rules' | 'routes' | 'conntrack' | 'neighbours', (node: NodeState) => readonly Line[]>
> = {
  rules: ({ chains }) =>
    chains.flatMap((chain) => chain.rules.map((_, index) => ruleLine(chain, index))),
  routes: ({ routes, rules }) => [
    ...routes.filter(isShown).map(routeLine),
    // The kernel's own three rules are in every namespace.
    ...rules
      .filter(({ priority }) => priority !== 0 && priority < 32766)
      .map(({ priority, text }) => ({
        key: `${priority} ${text}`,
        text,
        cells: [h('code', {}, `ip rule ${priority}: ${text}`), ''],
      })),
  ],
  conntrack: ({ connections }) => connections.map(connectionLine),
  neighbours: ({ neighbours }) =>
    neighbours.map(({ address, mac = '', link, state }) => ({
      key: `${address} ${link} ${mac}`,
      text: address,
      cells: [
        h('code', {}, address),
        h('code', {}, mac === '' ? translate('nobody answers') : mac),
        h('code', {}, link),
        state,
      ],
    })),
}

export function RulesTab({ shown }: TabProps): ComponentChild {
  const { value: wanted } = highlighted
  const groups = nodesOf(shown).flatMap(({ node, before }) =>
    node.chains
      .filter(
        (chain) =>
          chain.rules.length > 0 ||
          (chain.policy !== undefined && chain.policy.toLowerCase() !== 'accept'),
      )
      .map((chain) => ({ node, before, chain })),
  )
  if (groups.length === 0)
    return h(Empty, {
      text: translate('No rules yet. {command} would make one.', { command: 'iptables -A …' }),
    })
  return h('div', { class: 'table-tab' }, [
    groups.map(({ node, before, chain }) => {
      const was = before?.chains.find((other) => chainName(other) === chainName(chain))
      const lines = chain.rules.map((_, index) => ruleLine(chain, index))
      const policy =
        chain.policy === undefined
          ? ''
          : translate('policy {policy}', { policy: chain.policy.toLowerCase() })
      const title = [
        h('code', {}, `${node.name} `),
        h('b', {}, chainName(chain)),
        ' ',
        h('span', { class: 'third' }, policy),
      ]
      return h(Table, {
        key: `${node.name} ${chainName(chain)}`,
        kind: 'rules',
        title,
        heads: [translate('handle'), translate('packets'), translate('rule')],
        lines,
        known: before
          ? new Set(was?.rules.map((_, index) => (was ? ruleLine(was, index).key : '')))
          : null,
        wanted: wanted?.node === node.name ? wanted.text : null,
      })
    }),
  ])
}

function ruleLine(chain: Chain, index: number): Line {
  const rule = chain.rules[index]
  const { text = '', handle, packets } = rule ?? {}
  const whole =
    chain.backend === 'nft'
      ? text
      : `-A ${chain.name} ${text.replace(new RegExp(`^-A ${chain.name} `), '')}`
  return {
    key: `${chainName(chain)} ${text}`,
    text: whole,
    cells: [handle ?? '', packets?.toLocaleString('en') ?? '', h(Command, { line: whole })],
  }
}

function chainName({ backend, family, table, name }: Chain): string {
  if (backend === 'nft') return `${family} ${table} ${name}`
  const legacy = backend === 'iptables-legacy' ? ' (legacy)' : ''
  return `${family === 'ip6' ? 'ip6tables' : 'iptables'} ${table} ${name}${legacy}`
}

export function RoutesTab({ shown }: TabProps): ComponentChild {
  const { value: wanted } = highlighted
  const nodes = nodesOf(shown)
  const routed = nodes.filter(({ node }) => rowsOf.routes(node).length > 0)
  const neighbours = nodes.filter(({ node }) => node.neighbours.length > 0)
  const setting = /^sysctl (\S+) = (.+)$/.exec(wanted?.text ?? '')
  const [, name = '', seen = ''] = setting ?? []
  const sysctls = nodes.find(({ node }) => node.name === wanted?.node)?.node.sysctls
  return h('div', { class: 'table-tab' }, [
    setting &&
      h('p', { class: 'wanted setting' }, [
        h('code', {}, `${wanted?.node}$ sysctl ${name}`),
        h('br', {}),
        h('code', {}, `${name} = ${sysctls?.[name] ?? seen}`),
      ]),
    routed.length === 0 &&
      h(Empty, {
        text: translate('No routes yet. {command} would make one.', {
          command: 'ip address add …',
        }),
      }),
    nodes.map(({ node, before }) => {
      const lines = rowsOf.routes(node)
      const settings = Object.entries(node.sysctls).filter(([name]) =>
        name.endsWith('.conf.all.forwarding'),
      )
      if (lines.length === 0) return null
      return h(Table, {
        key: `routes ${node.name}`,
        title: [
          h('code', {}, node.name),
          ' ',
          h(
            'span',
            { class: 'third' },
            settings.map(([name, value]) => `${name} = ${value}`).join('   '),
          ),
        ],
        heads: [translate('route'), translate('made by')],
        lines,
        known: before && new Set(rowsOf.routes(before).map(({ key }) => key)),
        wanted: wanted?.node === node.name ? wanted.text : null,
      })
    }),
    neighbours.length > 0 && h('h3', {}, translate('Neighbours')),
    neighbours.map(({ node, before }) =>
      h(Table, {
        key: `neighbours ${node.name}`,
        title: h('code', {}, node.name),
        heads: [translate('address'), 'MAC', translate('interface'), translate('state')],
        lines: rowsOf.neighbours(node),
        known: before && new Set(rowsOf.neighbours(before).map(({ key }) => key)),
        wanted: wanted?.node === node.name ? wanted.text : null,
      }),
    ),
  ])
}

/** Multicast and the link-local routes of IPv6 are on every interface. */
function isShown({ to, family }: Route): boolean {
  return family === 4 || !/^(fe80|ff00):/.test(to)
}

function routeLine(route: Route): Line {
  const text = routeText(route)
  const table = route.table === 'main' ? '' : ` table ${route.table}`
  return {
    key: text + table,
    text,
    cells: [h('code', {}, text + table), route.down ? translate('down') : (route.protocol ?? '')],
  }
}

export function ConntrackTab({ shown }: TabProps): ComponentChild {
  const { value: wanted } = highlighted
  const nodes = nodesOf(shown).filter(({ node }) => node.connections.length > 0)
  if (nodes.length === 0)
    return h(Empty, {
      text: translate('No connections yet. A packet through a node with NAT would make one.'),
    })
  return h('div', { class: 'table-tab' }, [
    nodes.map(({ node, before }) =>
      h(Table, {
        key: node.name,
        title: h('code', {}, node.name),
        heads: [
          translate('protocol'),
          translate('request'),
          translate('answer comes as'),
          translate('state'),
        ],
        lines: rowsOf.conntrack(node),
        known: before && new Set(rowsOf.conntrack(before).map(({ key }) => key)),
        wanted: wanted?.node === node.name ? wanted.text : null,
      }),
    ),
  ])
}

function connectionLine(connection: Connection): Line {
  const { protocol, original, reply, answered, state } = connection
  const isPlain = reply.source === original.destination && reply.destination === original.source
  const [asks, answers] = [tuple(original), tuple(reply)]
  const said = [
    ...(state === undefined ? [] : [state]),
    ...(answered ? [] : [translate('no answer yet')]),
  ]
  return {
    key: `${protocol} ${asks} ${answers}`,
    text: asks,
    cells: [
      protocol,
      h('code', {}, asks),
      h('code', { class: isPlain ? '' : 'translated' }, answers),
      said.join(', '),
    ],
  }
}

function tuple({ source, sourcePort, destination, destinationPort }: Tuple): string {
  const end = (address: string, port?: number) =>
    port === undefined
      ? address
      : address.includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`
  return `${end(source, sourcePort)} → ${end(destination, destinationPort)}`
}

export function ChangesTab({ shown }: TabProps): ComponentChild {
  const { changes, traffic, compared, changedBy } = shown
  const number = { number: changedBy?.number ?? 0 }
  const made =
    changedBy &&
    (changedBy.kind === 'command'
      ? translate('command {number}', number)
      : translate('check {number}', number))
  const by = compared ? '' : (made ?? '')
  if (changes.length + traffic.length === 0)
    return h(Empty, {
      text: compared
        ? translate('The two moments are equal.')
        : translate(
            'Nothing has changed. The next command that changes something fills this list.',
          ),
    })
  return h('div', { class: 'table-tab' }, [
    changes.length > 0 &&
      h(ChangeList, {
        title: compared
          ? translate('What commands changed, from A to B')
          : translate('What changed'),
        changes,
        by,
      }),
    traffic.length > 0 &&
      h(ChangeList, {
        title: translate('What packets left behind'),
        changes: traffic,
        by,
      }),
  ])
}

function ChangeList({
  title,
  changes,
  by,
}: {
  title: string
  changes: readonly Change[]
  by: string
}): ComponentChild {
  return [
    h('h3', {}, title),
    h(
      'ul',
      { class: 'changes' },
      changes.map((change) =>
        h('li', {}, [
          h('span', { class: 'sign' }, change.sign),
          h('code', { class: 'grow' }, `${change.node}: ${translate(change)}`),
          h('span', { class: 'third' }, by),
        ]),
      ),
    ),
  ]
}

export function PacketsTab({ shown }: TabProps): ComponentChild {
  const { journeys } = shown
  if (journeys.length === 0)
    return h(Empty, {
      text: translate('No packets yet. A check, a ping or a curl that is followed stands here.'),
    })
  return h(
    'ul',
    { class: 'table-tab journeys' },
    journeys
      .toReversed()
      .map((followed, index) => h(JourneyRow, { followed, key: journeys.length - index })),
  )
}

function JourneyRow({ followed }: { followed: Followed }): ComponentChild {
  const { journey, node, line, title, error } = followed
  const isDead = journey !== null && journey.outcome !== 'answered'
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        disabled: journey === null,
        onClick: () => openPackets(followed, packetActions),
      },
      [
        h(SmallEnvelope, { form: isDead ? 'error' : 'request' }),
        h('span', { class: 'grow' }, [
          title !== line && h('span', { class: 'said' }, translate(title)),
          h('span', {}, [h('code', { class: 'third' }, `${node}$ `), h(Command, { line })]),
        ]),
        h(
          'span',
          { class: classes(isDead ? 'fail' : 'ok') },
          journey ? outcomeOf(journey.outcome) : (error ?? ''),
        ),
      ],
    ),
  )
}

function outcomeOf(outcome: NonNullable<Followed['journey']>['outcome']): string {
  switch (outcome) {
    case 'answered':
      return translate('✓ answered')
    case 'refused':
      return translate('✗ refused')
    case 'unanswered':
      return translate('✗ no answer')
    case 'dropped':
      return translate('✗ dropped')
    case 'not-sent':
      return translate('✗ not sent')
  }
}

type TableProps = {
  /** A class for the widths of the columns. */
  readonly kind?: string
  readonly title: ComponentChild
  readonly heads: readonly string[]
  readonly lines: readonly Line[]
  /** The keys that were there before; null if nothing is known of before. */
  readonly known: ReadonlySet<string> | null
  /** A text that a line was asked for by. */
  readonly wanted: string | null
}

function Table({ kind, title, heads, lines, known, wanted }: TableProps): ComponentChild {
  return h('table', kind === undefined ? {} : { class: kind }, [
    h('caption', {}, title),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map((head) => h('th', { scope: 'col' }, head)),
      ),
    ),
    h(
      'tbody',
      {},
      lines.map(({ key, cells, text }) => {
        const isChanged = known !== null && !known.has(key)
        return h(Row, { key, cells, isChanged, isWanted: wanted !== null && wants(wanted, text) })
      }),
    ),
  ])
}

/** The wanted text is that of a rule as it would be typed, of an address, or of an answer of the kernel. */
function wants(wanted: string, text: string): boolean {
  return text !== '' && (wanted.includes(text) || text.includes(wanted))
}

function Row({
  cells,
  isChanged,
  isWanted,
}: Pick<Line, 'cells'> & { isChanged: boolean; isWanted: boolean }): ComponentChild {
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (isWanted) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isWanted])
  const change = isChanged ? { title: translate('changed just now') } : {}
  return h(
    'tr',
    { ref: row, class: classes(isChanged && 'changed-row', isWanted && 'wanted'), ...change },
    cells.map((cell) => h('td', {}, cell)),
  )
}

function Empty({ text }: { text: string }): ComponentChild {
  return h('p', { class: 'empty' }, text)
}

/** Each node with its state before. */
function nodesOf({
  state,
  before,
}: Shown): readonly { readonly node: NodeState; readonly before: NodeState | null }[] {
  return (state?.nodes ?? []).map((node) => ({
    node,
    before:
      before.state === null || before.state === state
        ? null
        : (before.state.nodes.find(({ name }) => name === node.name) ?? null),
  }))
}

// Shows one hop in three columns: what decided, the header before and after, and the bytes that changed; a drop has its sentence,
// its evidence and what to try.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import type { Message } from '../../../language/message.ts'
import type { Snapshot } from '../../../observe/snapshot/snapshot.ts'
import type { Drop, Hop } from '../../../observe/journey/journey.ts'
import { wordsOf } from '../../../observe/journey/words.ts'
import { Button, classes, Command, Link } from '../elements.ts'
import { shown, subject, turn } from '../store.ts'
import { translate } from '../text.ts'
import { Cross } from './envelope.ts'
import { addressesAt, framesOf } from './addresses.ts'
import { bytesAt, type Bytes } from './bytes.ts'
import * as mode from './mode.ts'
import { reasonWords, rewriteOf, type Packet } from './rows.ts'
import { Strip } from './strip.ts'

export function HopPanel(): ComponentChild {
  const [packet, row] = [mode.packet.value, mode.row.value]
  const drop = mode.dropHere.value
  if (mode.isSilent.value) return h(Silent, {})
  if (!packet || !row) return drop && h('div', { class: 'hop-panel' }, h(Ended, { drop }))
  const hop = packet.way.hops[row.hop]
  return h('div', { class: 'hop-panel' }, [
    h(Strip, {}),
    h(
      'p',
      { class: 'unseen', role: 'status' },
      `${row.node}, ${translate(row.label)}: ${translate(row.words)}`,
    ),
    drop
      ? h(Ended, { drop })
      : h('div', { class: 'columns' }, [
          h(Decided, { hop }),
          h(Header, { packet, index: row.hop }),
          h(ChangedBytes, { bytes: bytesAt(packet.way, row.hop) }),
        ]),
  ])
}

/** Of the tab: `Hop 5`. */
export function hopTitle(): string {
  if (mode.isSilent.value) return translate('No packet')
  if (mode.packets.value.length === 0) return `✗ ${translate('Not sent')}`
  const number = translate('Hop {number}', { number: mode.place.value.row + 1 })
  return mode.dropHere.value ? `✗ ${number}` : number
}

/** Nothing went wrong: such a command sends no packets. */
function Silent(): ComponentChild {
  return h('p', { class: 'silent third' }, [
    translate('The command ended with success, and no packet of it left a program.'),
    ' ',
    translate('A ping or a curl sends some.'),
  ])
}

function Decided({ hop }: { hop: Hop | undefined }): ComponentChild {
  if (!hop) return h('div', { class: 'column' })
  const words = wordsOf(hop)
  if (hop.kind === 'hook') {
    const rules = hop.rules.filter(({ rule }) => rule !== 'policy accept')
    const kind = rewriteOf(hop)?.kind
    const typed = rules.filter(({ rule }) => !rule.startsWith('policy '))
    const tone =
      kind === 'DNAT'
        ? 'dnat'
        : kind === 'SNAT'
          ? 'snat'
          : /drop|reject/i.test(rules.at(-1)?.verdict ?? '')
            ? 'fail'
            : 'ok'
    const title =
      typed.length === 0
        ? kind
          ? translate('Conntrack remembers it')
          : rules.length > 0
            ? translate('The policy decided')
            : translate('No rule matches')
        : typed.length === 1
          ? translate('One rule matched')
          : translate('{count} rules matched', { count: typed.length })
    return h('div', { class: 'column' }, [
      h('h3', {}, title),
      rules.map(
        ({
          rule,
          table,
          chain,
          handle,
          node = hop.node,
        }: {
          rule: string
          table: string
          chain: string
          handle: number | null
          node?: string
        }) => [
          h('div', { class: `rule ${tone}` }, h(Command, { line: rule })),
          h('p', { class: 'small' }, [
            translate('table {table}, chain {chain}', { table, chain }),
            ...(handle === null ? [] : [`, ${translate('handle {handle}', { handle })}`]),
            ' ',
            h(Link, {
              onClick: () => mode.actions.value.onShow({ kind: 'rule', node, text: rule }),
              children: translate('Show the chain'),
            }),
          ]),
        ],
      ),
      typed.length === 0 &&
        words?.lines
          .filter(({ tone }) => tone !== 'rule')
          .map((line) => h('p', {}, translate(line))),
    ])
  }
  const shows =
    hop.kind === 'route'
      ? ('route' as const)
      : hop.kind === 'connection' || hop.kind === 'neighbour'
        ? ('entry' as const)
        : null
  return h('div', { class: 'column' }, [
    h('h3', {}, titleOf(hop)),
    words?.lines.map((line) => h('p', {}, translate(line))),
    shows &&
      h(
        'p',
        { class: 'small' },
        h(Link, {
          onClick: () =>
            mode.actions.value.onShow({ kind: shows, node: hop.node, text: textOf(hop) }),
          children: shows === 'route' ? translate('Show the routes') : translate('Show the entry'),
        }),
      ),
  ])
}

function textOf(hop: Hop): string {
  if (hop.kind === 'route') return hop.via === null ? hop.destination : `via ${hop.via}`
  if (hop.kind === 'neighbour') return hop.address
  return hop.kind === 'connection' ? hop.original.source : ''
}

function titleOf(hop: Hop): string {
  switch (hop.kind) {
    case 'sent':
      return translate('It begins')
    case 'route':
      return translate('The routing table decided')
    case 'connection':
      return translate('Conntrack')
    case 'neighbour':
      return translate('The neighbour table')
    case 'bridge':
      return translate('The bridge {name}', { name: hop.bridge })
    case 'leaves':
      return translate('Out of {name}', { name: hop.interface })
    case 'enters':
      return translate('Into {name}', { name: hop.interface })
    case 'tunnel':
      return translate('The tunnel {name}', { name: hop.interface })
    case 'delivered':
      return translate('It arrives')
    default:
      return translate('A circle')
  }
}

function Header({ packet: { way }, index }: { packet: Packet; index: number }): ComponentChild {
  const { source, destination } = addressesAt(way, index)
  const hop = way.hops[index]
  const frames = framesOf(way.hops.slice(0, index + 1))
  const frame = hop?.kind === 'leaves' || hop?.kind === 'enters' ? hop : null
  const ttl = frames.at(-1)?.ttl ?? framesOf(way.hops)[0]?.ttl ?? null
  const previous = frame && frames.at(-2)?.ttl
  const ttlWas = previous === ttl ? null : (previous ?? null)
  const isRewritten = source.old !== null || destination.old !== null
  return h('div', { class: 'column' }, [
    h('h3', {}, isRewritten ? translate('Header, before and after') : translate('Header')),
    h('dl', { class: 'header' }, [
      h(Field, { name: translate('source'), ...source }),
      h(Field, { name: translate('destination'), ...destination }),
      ttl != null &&
        h(Field, {
          name: 'TTL',
          now: String(ttl),
          old: ttlWas === null ? null : String(ttlWas),
          tone: 'plain',
        }),
      frame &&
        h(Field, {
          name: translate('to MAC'),
          now: frame.destinationMac,
          old: null,
          tone: 'plain',
        }),
      frame &&
        h(Field, { name: translate('from MAC'), now: frame.sourceMac, old: null, tone: 'plain' }),
    ]),
  ])
}

function Field({
  name,
  now,
  old,
  tone,
}: {
  name: string
  now: string
  old: string | null
  tone: string
}): ComponentChild {
  return [
    h('dt', {}, name),
    h('dd', { class: old === null ? 'same' : tone }, [
      old !== null && h('del', {}, old),
      h('span', {}, now),
    ]),
  ]
}

function ChangedBytes({ bytes }: { bytes: Bytes }): ComponentChild {
  const { changes, whole } = bytes
  return h('div', { class: 'column bytes' }, [
    h('h3', {}, [
      translate('Bytes'),
      ' ',
      h('span', { class: 'third' }, translate('of the IP header')),
    ]),
    changes.length === 0 && h('p', { class: 'third' }, translate('This hop changes none.')),
    changes.length > 0 &&
      h(
        'dl',
        { class: 'header' },
        changes.map(({ from, to, before, after, tone }) => [
          h('dt', {}, from === to ? String(from) : `${from}–${to}`),
          h('dd', { class: classes('pair', tone) }, [h('del', {}, before), h('span', {}, after)]),
        ]),
      ),
    whole !== null &&
      h('details', {}, [
        h('summary', {}, translate('all {count} bytes', { count: whole.split(' ').length })),
        h('code', { class: 'hex' }, whole),
      ]),
  ])
}

/** A packet that was dropped: the kernel acts, and the button tries. */
function Ended({ drop }: { drop: Drop }): ComponentChild {
  const { actions } = mode
  const { reason, node, why, evidence, checked, remedy } = drop
  const reasoned = translate('{node} dropped it: {reason}', { node, reason: reasonWords[reason] })
  const unsent = translate('{node} did not send it: {reason}', {
    node,
    reason: reasonWords[reason],
  })
  const refused = translate('{node} refused it: {reason}', { node, reason: reasonWords[reason] })
  const show = showingOf(drop)
  const attempt = actions.value.attemptOf(drop)
  const pieces = evidence.split('; ').filter((piece) => piece !== '')
  return h('div', { class: 'columns ended' }, [
    h('div', { class: 'column', role: 'alert' }, [
      h('h2', {}, [
        h(CrossSign, {}),
        mode.packets.value.length === 0 ? unsent : reason === 'refused' ? refused : reasoned,
      ]),
      h('p', {}, sentence(why)),
      checked.length > 0 &&
        h('p', { class: 'small' }, [
          translate('Looked at without finding a reason:'),
          ' ',
          checked.map((each) => translate(each)).join('; '),
        ]),
    ]),
    h('div', { class: 'column' }, [
      h('h3', {}, translate('What shows it')),
      pieces.map((piece) => h('div', { class: 'rule fail' }, h(Command, { line: piece }))),
      h(Counter, {}),
      remedy !== null && h(Remedy, { line: `${node}# ${remedy}`, key: remedy }),
    ]),
    h('div', { class: 'column tries' }, [
      show &&
        h(Button, { onClick: () => actions.value.onShow(show), children: showLabel(show.kind) }),
      // A policy has no counter in the table.
      show?.kind === 'rule' &&
        !/policy/.test(reason) &&
        h(Button, {
          onClick: () => actions.value.onShow({ ...show, kind: 'counter' }),
          children: translate('Show the counter'),
        }),
      attempt && [
        h(Button, { primary: true, onClick: attempt.run, children: attempt.label }),
        h('p', { class: 'small' }, attempt.note),
      ],
    ]),
  ])
}

/** In a broken network the learner finds the repair, and looks here only on demand. */
function Remedy({ line }: { line: string }): ComponentChild {
  const isOpen = useSignal(false)
  if (!isOpen.value && !isRepairKnown())
    return h(Link, { onClick: () => (isOpen.value = true), children: translate('What mends it') })
  return [
    h('h3', {}, translate('What mends it')),
    h('div', { class: 'rule ok' }, h(Command, { line })),
  ]
}

/** Whether the learner may see how it is repaired: the cause is named, or the solution was asked for. */
function isRepairKnown(): boolean {
  const now = turn.value
  if (subject.value?.kind !== 'broken') return true
  return now?.kind === 'fix' && (now.solution !== null || now.named.some(({ right }) => right))
}

/** How often the rule that dropped the packet has matched, before and after. */
function Counter(): ComponentChild {
  const hop = mode.packet.value?.way.hops.at(-1)
  if (hop?.kind !== 'hook') return null
  const rule = hop.rules.at(-1)
  const { state, before } = shown.value
  const packetsIn = (snapshot: Snapshot | null) =>
    snapshot?.nodes
      .find(({ name }) => name === hop.node)
      ?.chains.filter(({ table, family }) => table === rule?.table && family === rule.family)
      .flatMap(({ rules }) => rules)
      .find(({ handle }) => handle !== undefined && handle === rule?.handle)?.packets
  const [was, is] = [packetsIn(before.state), packetsIn(state)]
  if (was === undefined || is === undefined || was === is) return null
  return h('div', { class: 'rule' }, [
    h('code', { class: 'command' }, translate('packets of this rule')),
    ' ',
    h('code', {}, [h('del', {}, String(was)), ` → ${is}`]),
  ])
}

function CrossSign(): ComponentChild {
  const box = { width: 20, height: 20, viewBox: '-10 -10 20 20' }
  return h('svg', { ...box, role: 'img', 'aria-label': '✗' }, h(Cross, { x: 0, y: 0, radius: 9 }))
}

/** A reason begins in the middle of a sentence. A name at its beginning, such as eth0, stays as the kernel writes it. */
function sentence(reason: Message): string {
  const words = translate(reason)
  const [, name = ''] = /^\{(\w+)\}/.exec(reason.key) ?? []
  const first = reason.values[name]
  const isName = first !== undefined && typeof first !== 'object'
  return translate('{sentence}.', {
    sentence: isName ? words : words.charAt(0).toUpperCase() + words.slice(1),
  })
}

function showLabel(kind: mode.Showing['kind']): string {
  if (kind === 'rule') return translate('Show the rule')
  if (kind === 'route') return translate('Show the route')
  return kind === 'entry' ? translate('Show the entry') : translate('Show the setting')
}

/** Null where no table shows the evidence: an interface that is down, for example, is in the picture. */
function showingOf({ reason, node, evidence }: Drop): mode.Showing | null {
  const pieces = evidence.split('; ')
  const kind = /by-rule|by-policy|hook|nowhere/.test(reason)
    ? 'rule'
    : /route|blackhole|prohibited|not-for-it|loop/.test(reason)
      ? 'route'
      : /neighbour|mac|conntrack|tracked/.test(reason)
        ? 'entry'
        : 'setting'
  const text = kind === 'setting' ? pieces.find((piece) => piece.startsWith('sysctl ')) : pieces[0]
  return text === undefined ? null : { kind, node, text }
}

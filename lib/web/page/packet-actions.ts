// Does what the buttons of the packet mode ask for: opens the tab with a rule or a counter, and follows the same command elsewhere.
import { effect, signal } from '@preact/signals'
import type { Drop } from '../../observe/journey/journey.ts'
import type { Question } from '../protocol.ts'
import { ask } from './connection.ts'
import { tab, type PanelTab } from './evidence/tabs.ts'
import type { CheckRow, Followed, Row } from './model.ts'
import { mode, openPackets, type Attempt, type Showing } from './packets/mode.ts'
import { at, cursor, elsewhere, notice, source, storyNow, subject } from './store.ts'
import { translate } from './text.ts'

/** What a tab shows first: a rule, a route, an entry. */
export const highlighted = signal<{ readonly node: string; readonly text: string } | null>(null)

export const packetActions = {
  onShow: ({ kind, node, text }: Showing): void => {
    highlighted.value = { node, text }
    tab.value = tabOf(kind, text)
  },
  attemptOf,
}

/** Follows the packets of a check of this lesson or broken network as it is now. */
export function followCheck(check: number): Promise<void> {
  return follow({ kind: 'follow-check', check })
}

/** @returns when the packets are shown, or when the reason why they cannot be followed is. */
export async function follow(
  about: Extract<Question, { kind: 'follow' | 'follow-check' }>,
): Promise<void> {
  try {
    await ask(about)
    const followed = storyNow.value.journeys.at(-1)
    if (followed?.journey) openPackets(followed, packetActions)
    else notice.value = followed?.error ?? translate('The packets cannot be followed.')
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error)
  }
}

/** The same command in the network with the command, later in the lesson, or in a second network without the rule that dropped it. */
function attemptOf(drop: Drop): Attempt | null {
  const now = mode.value
  if (!now) return null
  const other = elsewhere.value
  if (other) {
    const { command: number, original } = other
    if (!original) return null
    return {
      label: translate('Try with command {number}', { number }),
      note: translate('The same command, in the network of the lesson.'),
      run: () => {
        elsewhere.value = null
        openPackets(original, packetActions)
      },
    }
  }
  const later = arrivesLater(now)
  if (later) {
    const [between, ...more] = commandsBetween(now.moment, later.moment)
    return {
      label:
        between && more.length === 0
          ? translate('Try with command {number}', { number: between })
          : translate('Show its arrival'),
      note: translate('The same command, later in the lesson.'),
      run: () => openPackets(later, packetActions),
    }
  }
  const [command, check] = [commandOf(drop), checkOf(now)]
  if (source.value !== 'live' || command === null || check === null) return null
  return {
    label: translate('Try without it'),
    note: translate('The same command, in a network that is built again.'),
    run: () => void followWithout(command, check),
  }
}

/** Follows the packets of a check in a network that is built again without this command. */
export async function followWithout(command: number, check: number): Promise<void> {
  const original = rowOf(check)?.journey ?? null
  notice.value = translate('Playing the lesson without it …')
  try {
    const reply = await ask({ kind: 'without', command, check })
    if (reply.kind !== 'without') return
    notice.value = reply.followed ? null : reply.error
    if (!reply.followed) return
    const { journey, picture, state } = reply.followed
    elsewhere.value = { command, picture, state, original }
    const { from: node, command: line } = journey
    const followed = { title: line, node, line, journey, error: null, moment: at.value }
    openPackets(original ? { ...original, journey, error: null } : followed, packetActions)
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error)
  }
}

// The line of one network means nothing in the next one.
effect(() => {
  void subject.value
  highlighted.value = null
})

/** The second network is left with its packets. */
effect(() => {
  if (mode.value === null) elsewhere.value = null
})

/** The last moment that the reader of a recording has come to: what comes after it is not given away. */
let furthest = -1
let reads: typeof subject.value = null
effect(() => {
  const now = cursor.value ?? Infinity
  furthest = reads === subject.value ? Math.max(furthest, now) : now
  reads = subject.value
})

/** The same command on the same node, after a command of the lesson that made it work. */
function arrivesLater({ node, line, moment }: Followed): Followed | undefined {
  return storyNow.value.journeys.find(
    (each) =>
      each.moment > moment &&
      (source.value === 'live' || each.moment <= furthest) &&
      each.node === node &&
      each.line === line &&
      each.journey?.drop === null,
  )
}

/** The commands that were run or typed between two moments. */
function commandsBetween(from: number, to: number): readonly number[] {
  return rows().flatMap((row) =>
    row.kind === 'command' &&
    row.number !== null &&
    row.moment !== null &&
    row.moment > from &&
    row.moment < to
      ? [row.number]
      : [],
  )
}

/** The only command of the lesson that made the rule which dropped the packet: its words are those of the rule. */
function commandOf({ evidence, node, where }: Drop): number | null {
  const [first = ''] = evidence.split('; ')
  const text = first.replace(/ \(handle \d+\)$/, '')
  const rule = wordsOf(/^ip6?tables /.test(text) ? text : `nft add rule ${where} ${text}`)
  const made = rows().flatMap((row) =>
    row.kind === 'command' && row.node === node && row.number !== null && row.moment !== null
      ? [row]
      : [],
  )
  const [found, ...more] = made.filter(({ line }) => rule !== '' && wordsOf(line) === rule)
  return found && more.length === 0 ? found.number : null
}

/** What the kernel adds to a rule, and the place where it was inserted, are left out. */
function wordsOf(line: string): string {
  if (!/^(ip6?tables|nft add rule) /.test(line)) return ''
  return line
    .replace(
      / -t filter\b| -m (tcp|udp|icmp|icmp6)\b| --reject-with icmp6?-port-unreachable| -w( \d+)?(?= )/g,
      '',
    )
    .replace(/ -I (\S+)( \d+)?/, ' -A $1')
    .replace(/\/32\b|["']/g, '')
    .split(/\s+/)
    .toSorted()
    .join(' ')
}

function checkOf(followed: Followed): number | null {
  const row = rows().find(
    (each) => each.kind === 'check' && each.journey?.moment === followed.moment,
  )
  return row?.kind === 'check' ? row.number : null
}

/** A check of the lesson, once it was asked. */
function rowOf(check: number): CheckRow | undefined {
  return rows().find((row): row is CheckRow => row.kind === 'check' && row.number === check)
}

function rows(): readonly Row[] {
  return storyNow.value.steps.flatMap((step) => step.rows)
}

/** Neighbours stand below the routes. */
function tabOf(kind: Showing['kind'], text: string): PanelTab {
  if (kind === 'entry') return text.startsWith('conntrack') ? 'conntrack' : 'routes'
  return kind === 'route' || kind === 'setting' ? 'routes' : 'rules'
}

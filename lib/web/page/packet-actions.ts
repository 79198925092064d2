// Does what the buttons of the packet mode ask for: opens the tab with a rule or a counter, and follows the same command elsewhere.
import { effect, signal } from '@preact/signals'
import type { Drop } from '../../observe/journey/journey.ts'
import type { Question } from '../protocol.ts'
import { ask } from './connection.ts'
import { tab, type PanelTab } from './evidence/tabs.ts'
import type { CommandRow, Followed } from './model.ts'
import { mode, openPackets, type Showing } from './packets/mode.ts'
import { elsewhere, notice, source, storyNow } from './store.ts'
import { translate } from './text.ts'

/** What a tab shows first: a rule, a route, an entry. */
export const highlighted = signal<{ readonly node: string; readonly text: string } | null>(null)

export const packetActions = {
  onShow: ({ kind, node, text }: Showing): void => {
    highlighted.value = { node, text }
    tab.value = tabOf(kind)
  },
  onTry: (): void => void tryAgain(),
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

/**
 * A dead packet, and the same command where it arrives: later in the lesson, or in a second network without the rule. Otherwise the
 * learner reads what would mend it.
 */
async function tryAgain(): Promise<void> {
  const now = mode.value
  const drop = now?.journey?.drop
  if (!now || !drop) return
  const later = arrivesLater(now)
  if (later) return openPackets(later, packetActions)
  const { remedy, node } = drop
  const rule = commandOf(drop)
  const check = checkOf(now)
  if (source.value === 'live' && rule?.number !== null && rule !== undefined && check !== null) {
    notice.value = translate('Playing the lesson without it …')
    return followWithout(rule.number, check, now)
  }
  notice.value =
    remedy === null
      ? translate('No single command mends this.')
      : translate('This mends it: {node}$ {remedy}. Type it there, and ask again.', {
          node,
          remedy,
        })
}

/** In a network that is built again without this command. */
async function followWithout(command: number, check: number, now: Followed): Promise<void> {
  try {
    const reply = await ask({ kind: 'without', command, check })
    if (reply.kind !== 'without') return
    notice.value = reply.followed ? null : reply.error
    if (!reply.followed) return
    const { journey, picture, state } = reply.followed
    elsewhere.value = { command, picture, state }
    openPackets({ ...now, journey, error: null }, packetActions)
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error)
  }
}

/** The second network is left with its packets. */
effect(() => {
  if (mode.value === null) elsewhere.value = null
})

/** The same command on the same node, after a command of the lesson that made it work. */
function arrivesLater({ node, line, moment }: Followed): Followed | undefined {
  return storyNow.value.journeys.find(
    (each) =>
      each.moment > moment &&
      each.node === node &&
      each.line === line &&
      each.journey?.drop === null,
  )
}

/** The command of the lesson that made the rule which dropped the packet. */
function commandOf({ evidence, node }: Drop): CommandRow | undefined {
  const words = evidence.split(/\s+/).filter((word) => /^[\d./:]+$|^[A-Z]{4,}$/.test(word))
  return storyNow.value.steps
    .flatMap(({ rows }) => rows)
    .filter((row): row is CommandRow => row.kind === 'command' && row.node === node)
    .findLast(({ line }) => /iptables|nft/.test(line) && words.some((word) => line.includes(word)))
}

function checkOf(followed: Followed): number | null {
  const rows = storyNow.value.steps.flatMap(({ rows }) => rows)
  const row = rows.find((each) => each.kind === 'check' && each.journey?.moment === followed.moment)
  return row?.kind === 'check' ? row.number : null
}

function tabOf(kind: Showing['kind']): PanelTab {
  if (kind === 'route' || kind === 'setting') return 'routes'
  return kind === 'entry' ? 'conntrack' : 'rules'
}

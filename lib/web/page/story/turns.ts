// Knows what can be done next, live or in a recording: one primary action, and at most two others.
import { openWorld, send } from '../connection.ts'
import { openPackets } from '../packets/mode.ts'
import { packetActions } from '../packet-actions.ts'
import type { CheckRow, Followed, Row } from '../model.ts'
import {
  answers,
  backToNow,
  cursor,
  endingIsShown,
  isBusy,
  goTo,
  looksBack,
  markAt,
  marks,
  momentOfQuestion,
  source,
  story,
  turn,
} from '../store.ts'
import { bringTerminal } from '../evidence/tabs.ts'
import { translate } from '../text.ts'
import { chosen } from './chosen.ts'

export type Action = {
  readonly label: string
  /** The key that does the same. */
  readonly hotkey?: string
  readonly run: () => void
  readonly disabled?: boolean
  readonly isPacket?: boolean
}

/** The first is the primary action. */
export function actionsNow(): readonly Action[] {
  if (looksBack.value)
    return [
      { label: translate('Back to now'), hotkey: 'n', run: backToNow },
      ...followAction(translate('Follow a packet of then')),
    ]
  return source.value === 'recording' ? readingActions() : liveActions()
}

/** Does the primary action: Enter. */
export function goOn(): void {
  const [first] = actionsNow()
  if (!isBusy.value && first && first.disabled !== true) first.run()
}

function liveActions(): readonly Action[] {
  const now = turn.value
  switch (now?.kind) {
    case 'command': {
      const { node, canType } = now
      return [
        { label: translate('Run'), run: () => send({ type: 'run' }) },
        { label: translate('Skip'), hotkey: 's', run: () => send({ type: 'skip' }) },
        ...(canType
          ? [
              {
                label: translate('Type it on {node}', { node }),
                hotkey: 't',
                run: () => {
                  send({ type: 'by-hand' })
                  bringTerminal(node)
                },
              },
            ]
          : []),
      ]
    }
    case 'question': {
      const value = chosen.value?.check === now.check ? chosen.value.value : null
      return [
        {
          label: translate('Answer'),
          disabled: value === null,
          run: () => value !== null && send({ type: 'answer', value }),
        },
        { label: translate('A hint'), hotkey: 'h', run: () => send({ type: 'hint' }) },
      ]
    }
    case 'verdict': {
      const next = { label: nextLabel(), run: () => send({ type: 'next' }) }
      if (now.holds) return [next, ...followAction(translate('Follow this packet'))]
      const again = { label: translate('Ask again'), run: () => send({ type: 'retry' }) }
      return [
        again,
        { ...next, label: translate('Go on anyway') },
        ...followAction(translate('Follow it')),
      ]
    }
    case 'command-failed':
      return [
        { label: translate('Try again'), run: () => send({ type: 'retry' }) },
        { label: translate('Go on anyway'), run: () => send({ type: 'next' }) },
      ]
    case 'finished': {
      const home = { label: translate('Home'), run: () => openWorld(null) }
      const { next } = now
      if (next === null) return [home]
      const what = { kind: 'lesson', name: next, from: null, dialect: 'ip' } as const
      return [
        {
          label: translate('Go on with {name}', { name: next }),
          run: () => openWorld(what),
        },
        home,
      ]
    }
    default:
      return []
  }
}

function readingActions(): readonly Action[] {
  const row = rowNow()
  const isLast = markAt.value >= marks.value.length - 1
  if (row?.kind === 'check' && row.state === 'asked') {
    const value = chosen.value?.check === row.number ? chosen.value.value : null
    return [
      {
        label: translate('Answer'),
        disabled: value === null,
        run: () => value !== null && guess(row, value),
      },
      { label: translate('Show it'), hotkey: 's', run: () => goTo(markAt.value) },
    ]
  }
  if (isLast) {
    const run = () => (endingIsShown.value = true)
    const ending = { label: translate('What was learnt'), run, disabled: endingIsShown.value }
    return [ending, ...followAction(translate('Follow this packet'))]
  }
  const next = { label: nextLabel(), run: stepForward }
  return [next, ...followAction(translate('Follow this packet'))]
}

/** One mark forward; a recording stops at a question before its answer. */
export function stepForward(): void {
  const row = rowNow()
  if (source.value === 'recording' && row?.kind === 'check' && row.state === 'asked')
    return goTo(markAt.value)
  const next = marks.value[markAt.value + 1]
  if (!next || next.moment === null) return looksBack.value ? backToNow() : undefined
  const question =
    source.value === 'recording' && next.isCheck && !answers.value.has(next.number ?? 0)
  const asked = question ? momentOfQuestion(next) : null
  if (asked === null) goTo(markAt.value + 1)
  else cursor.value = asked
}

export function stepBack(): void {
  const index = markAt.value
  if (index > 0) goTo(index - 1)
  else if (index === 0 && source.value === 'recording')
    cursor.value = Math.max(0, (marks.value[0]?.begins ?? 1) - 1)
}

function guess(row: CheckRow, value: string): void {
  answers.value = new Map(answers.value).set(row.number, value)
  goTo(markAt.value)
}

function nextLabel(): string {
  const next = marks.value[markAt.value + 1]
  const here = marks.value[markAt.value]
  if (!next) return translate('Go on')
  if (here && next.step !== here.step) return translate('Next step')
  return next.isCheck ? translate('Next question') : translate('Next command')
}

/** The row that the reader is at. */
function rowNow(): Row | undefined {
  const { steps, step } = story.value
  const rows = steps.find(({ number }) => number === step)?.rows ?? []
  return rows.findLast((row) => 'state' in row && row.state !== 'later')
}

function followAction(label: string): readonly Action[] {
  const followed = followedNow()
  if (followed)
    return [{ label, hotkey: 'f', isPacket: true, run: () => openPackets(followed, packetActions) }]
  return []
}

/** The journey of the check or of the mark that the reader is at. */
function followedNow(): Followed | null {
  const row = rowNow()
  const own = row?.kind === 'check' ? row.journey : null
  if (own?.journey) return own
  const mark = marks.value[markAt.value]
  const ofMark = story.value.journeys.find(
    ({ moment, journey }) => moment === mark?.begins && journey,
  )
  const last = looksBack.value ? story.value.journeys.findLast(({ journey }) => journey) : null
  return ofMark ?? last ?? null
}

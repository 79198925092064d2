// Shows the time of the lab: controls at the left, and the line of commands, checks and packets, which the reader drags to look back.
import { h, type ComponentChild } from 'preact'
import { Button, classes, Icon } from '../elements.ts'
import { useKeys } from '../keys.ts'
import { PacketControls, PacketLine } from '../packets/packets.ts'
import { mode } from '../packets/mode.ts'
import {
  at,
  backToNow,
  compared,
  cursor,
  goTo,
  isCut,
  looksBack,
  markAt,
  marks,
  source,
  story,
  subject,
} from '../store.ts'
import { narrow, translate } from '../text.ts'
import { actionsNow, stepBack, stepForward } from '../story/turns.ts'
import { Line } from './line.ts'

export function Time(): ComponentChild {
  useKeys({
    n: backToNow,
    c: toggleComparison,
    Home: () => goTo(0),
    End: () => goTo(lastMark()),
  })
  if (mode.value)
    return h('footer', { class: 'time', 'aria-label': translate('Time') }, [
      h(PacketControls, {}),
      h(PacketLine, {}),
    ])
  if (narrow.value) return h(PhoneTime, {})
  return h('footer', { class: 'time', 'aria-label': translate('Time') }, [
    h('div', { class: 'controls' }, [
      h(Button, {
        quiet: true,
        icon: true,
        label: translate('One back'),
        onClick: stepBack,
        disabled: markAt.value <= 0 && source.value === 'live',
        children: h(Icon, { name: 'back' }),
      }),
      h(Button, {
        quiet: true,
        icon: true,
        label: translate('One forward'),
        onClick: stepForward,
        disabled: isAtEnd(),
        children: h(Icon, { name: 'forward' }),
      }),
      source.value === 'live' &&
        h(Button, {
          quiet: true,
          onClick: backToNow,
          children: [
            h('i', { class: classes('now-dot', looksBack.value && 'hollow') }),
            translate('now'),
          ],
        }),
      h(
        'span',
        { class: classes('where', looksBack.value && 'back'), role: 'status' },
        whereText(),
      ),
      h(Cut, {}),
    ]),
    h(Line, {}),
  ])
}

/** One button is the primary one: that of the action bar, if it is shown. */
function isTheOnlyBar(): boolean {
  return source.value === 'recording' && actionsNow().length < 2
}

/** Back and next at both ends of the line, for a thumb. */
function PhoneTime(): ComponentChild {
  return h('footer', { class: 'time', 'aria-label': translate('Time') }, [
    h(Button, {
      quiet: true,
      icon: true,
      label: translate('One back'),
      onClick: stepBack,
      children: h(Icon, { name: 'back' }),
    }),
    h('div', { class: 'phone-line' }, [
      h('span', { class: 'where' }, whereText()),
      h(Cut, {}),
      h(Line, {}),
    ]),
    h(Button, {
      primary: isTheOnlyBar(),
      onClick: stepForward,
      disabled: isAtEnd(),
      children: [h(Icon, { name: 'forward' }), translate('Next')],
    }),
  ])
}

/** A lab that runs for hours forgets the oldest lines. */
function Cut(): ComponentChild {
  if (!isCut.value) return null
  return h('span', { class: 'third' }, translate('earlier lines are forgotten'))
}

/** Compares what is shown with now; the marks A and B are then dragged. */
export function toggleComparison(): void {
  if (compared.value) {
    compared.value = null
    return
  }
  const last = marks.value[lastMark()]?.moment
  if (last === null || last === undefined) return
  const here = at.value
  const earlier = marks.value[Math.max(0, lastMark() - 1)]?.moment ?? 0
  compared.value = here < last ? { from: here, to: last } : { from: earlier, to: last }
  cursor.value = compared.value.from
}

function lastMark(): number {
  return marks.value.findLastIndex(({ moment }) => moment !== null)
}

function isAtEnd(): boolean {
  return (
    markAt.value >= marks.value.length - 1 || (source.value === 'live' && cursor.value === null)
  )
}

function whereText(): string {
  if (compared.value) return translate('comparing A and B')
  if (looksBack.value) return translate('looking back')
  const mark = marks.value[markAt.value]
  if (!mark) return subject.value?.kind === 'scenario' ? translate('before command 1') : ''
  if (mark.number === null) return mark.label
  const { number } = mark
  if (mark.isCheck && story.value.marks[markAt.value]?.kind === 'later')
    return translate('before check {number}', { number })
  return mark.isCheck
    ? translate('after check {number}', { number })
    : translate('after command {number}', { number })
}

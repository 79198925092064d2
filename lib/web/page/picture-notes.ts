// Writes beside the picture what has changed, what is compared, and the state of the picture itself; changes are also told to screen readers.
import { h, type ComponentChild } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Button } from './elements.ts'
import { mode } from './packets/mode.ts'
import { captionRoom } from './picture/place.ts'
import { bordersNow, limits, setBorder } from './splitter.ts'
import {
  building,
  compared,
  ended,
  isStill,
  looksBack,
  marks,
  shown,
  source,
  subject,
} from './store.ts'
import { toggleComparison } from './timeline/time.ts'
import { narrow, translate } from './text.ts'

const mostChanges = 3

export function PictureNotes({ folded }: { folded: boolean }): ComponentChild {
  const { value: now } = shown
  if (!now.layout) return h(Building, {})
  if (mode.value) return null
  if (folded)
    return h('div', { class: 'fold' }, [
      h(
        'span',
        { class: 'third' },
        translate('This lesson changes no network: its picture is folded.'),
      ),
      h(Button, {
        quiet: true,
        onClick: () => setBorder('high', 260),
        children: translate('Unfold'),
      }),
    ])
  return [
    compared.value ? h(Comparison, {}) : h(Caption, {}),
    !narrow.value &&
      marks.value.some(({ moment }) => moment !== null) &&
      h(
        'div',
        { class: 'picture-buttons' },
        h(Button, {
          quiet: true,
          hotkey: 'c',
          onClick: toggleComparison,
          pressed: compared.value !== null,
          children: translate('Compare'),
        }),
      ),
  ]
}

function Caption(): ComponentChild {
  const { changes, changedBy } = shown.value
  if (changes.length === 0) return h(Announcement, { text: '' })
  const by = changedBy
    ? changedBy.kind === 'command'
      ? translate('changed by command {number}', { number: changedBy.number })
      : translate('changed by check {number}', { number: changedBy.number })
    : translate('changed just now')
  const lines = changes.map((change) => `${change.sign} ${change.node}: ${translate(change)}`)
  return [
    h('div', roomFor('caption'), [
      h('strong', {}, by),
      h(
        'ul',
        {},
        lines.slice(0, mostChanges).map((line) => h('li', { class: 'mono', title: line }, line)),
      ),
      lines.length > mostChanges &&
        h(
          'span',
          { class: 'third' },
          translate('and {count} more', { count: lines.length - mostChanges }),
        ),
    ]),
    h(Announcement, { text: `${by}. ${lines.slice(0, mostChanges).join('. ')}` }),
  ]
}

/** Within the picture where no node is, or else in a row of its own. */
function roomFor(name: string) {
  const { layout, size } = shown.value
  const room = layout && size !== 'narrow' ? captionRoom(layout) : null
  if (!room) return { class: name }
  return { class: `${name} within`, style: { left: `${room.left}px`, maxWidth: `${room.width}px` } }
}

function Comparison(): ComponentChild {
  const range = compared.value
  if (!range) return null
  const name = (moment: number) => {
    const mark = marks.value.findLast(({ begins }) => begins <= moment)
    if (mark?.number === undefined || mark.number === null)
      return mark?.label ?? translate('the beginning')
    return mark.isCheck
      ? translate('after check {number}', { number: mark.number })
      : translate('after command {number}', { number: mark.number })
  }
  return h('div', { ...roomFor('comparison'), role: 'status' }, [
    h('span', { class: 'chip a' }, [h('b', {}, 'A'), name(range.from)]),
    h('span', { class: 'third', 'aria-label': translate('compared with') }, '→'),
    h('span', { class: 'chip b' }, [h('b', {}, 'B'), name(range.to)]),
    h(
      'p',
      { class: 'third' },
      translate('dashed: what A does not have yet. Drag either end of the band.'),
    ),
  ])
}

/** At most one sentence a second, and the newest one wins. */
function Announcement({ text }: { text: string }): ComponentChild {
  const [said, say] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => say(text), 1000)
    return () => clearTimeout(timer)
  }, [text])
  return h('p', { class: 'unseen', 'aria-live': 'polite' }, said)
}

function Building(): ComponentChild {
  const [isSlow, slow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => slow(true), 2000)
    return () => clearTimeout(timer)
  }, [])
  if (ended.value || (source.value === 'recording' && subject.value === null)) return null
  return h('div', { class: 'building', role: 'status' }, [
    h('span', {}, translate('Building host and outside …')),
    isSlow && building.value && h('span', {}, translate(building.value)),
  ])
}

/** Only the nodes and what joins them. */
export function FoldedPicture(): ComponentChild {
  const { topology } = shown.value
  return h(
    'ul',
    { class: 'folded-nodes' },
    topology?.nodes.map(({ name }) => h('li', { key: name }, name)),
  )
}

/** A lesson whose commands change no network begins with a folded picture. */
export function isFolded(): boolean {
  const { high } = bordersNow()
  if (high !== null) return high <= limits.high[0] + 24
  return isStill.value && !looksBack.value
}

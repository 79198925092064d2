// Draws the line of marks. It is a slider: drag it or use the arrow keys. In a comparison both ends of the band are dragged.
import { h, type ComponentChild } from 'preact'
import { useRef } from 'preact/hooks'
import { lengthOf } from '../../../observe/topology/characters.ts'
import { classes } from '../elements.ts'
import type { Mark } from '../model.ts'
import { compared, cursor, goTo, markAt, marks, story, storyNow } from '../store.ts'
import { place } from '../picture/place.ts'
import { narrow, translate } from '../text.ts'
import { MarkSign } from './mark.ts'

/** So many marks fit at their full size. */
const roomFor = 60

/** The marks and the gaps between steps, in units of one mark. */
type Placed = { readonly mark: Mark; readonly index: number; readonly x: number }

export function Line(): ComponentChild {
  const track = useRef<HTMLDivElement>(null)
  const placed = placedMarks()
  const here = markAt.value
  const width = (placed.at(-1)?.x ?? 0) + 1
  const percent = (x: number) => `${((x + 0.5) / width) * 100}%`
  const dragged = useRef<'cursor' | 'from' | 'to' | null>(null)
  const nearest = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect()
    if (!box) return -1
    const x = ((clientX - box.left) / box.width) * width - 0.5
    const reachable = placed.filter(({ mark }) => mark.moment !== null)
    return reachable.toSorted((a, b) => Math.abs(a.x - x) - Math.abs(b.x - x))[0]?.index ?? -1
  }
  const move = (index: number) => {
    const moment = marks.value[index]?.moment
    if (moment === null || moment === undefined) return
    const range = compared.value
    if (!range || dragged.current === null || dragged.current === 'cursor') return goTo(index)
    const next = { ...range, [dragged.current]: moment }
    compared.value = next.from <= next.to ? next : { from: next.to, to: next.from }
    cursor.value = compared.value.from
  }
  const now = placed.find(({ index }) => index === here)
  const range = compared.value && {
    from: placedAt(placed, compared.value.from),
    to: placedAt(placed, compared.value.to),
  }
  return h(
    'div',
    {
      class: classes('line', range && 'compares'),
      // Many marks are smaller, so that they do not cover each other.
      style: { '--mark-scale': String(Math.max(0.42, Math.min(1, roomFor / width))) },
      ref: track,
      role: 'slider',
      tabIndex: 0,
      'aria-label': translate('Time'),
      'aria-valuemin': 0,
      'aria-valuemax': placed.length,
      'aria-valuenow': here + 1,
      'aria-valuetext': now ? now.mark.label : '',
      onPointerDown: (event: PointerEvent) => {
        const index = nearest(event.clientX)
        dragged.current = range ? nearerEnd(range, placed[index]?.x ?? 0) : 'cursor'
        track.current?.setPointerCapture(event.pointerId)
        move(index)
      },
      onPointerMove: (event: PointerEvent) => {
        if (dragged.current !== null) move(nearest(event.clientX))
      },
      onPointerUp: () => (dragged.current = null),
      onKeyDown: (event: KeyboardEvent) => {
        const by = {
          ArrowLeft: -1,
          ArrowDown: -1,
          ArrowRight: 1,
          ArrowUp: 1,
          Home: -Infinity,
          End: Infinity,
        }[event.key]
        if (by === undefined) return
        event.preventDefault()
        const last = placed.findLast(({ mark }) => mark.moment !== null)?.index ?? 0
        goTo(Math.max(0, Math.min(last, here + by)))
      },
    },
    [
      !narrow.value && h(Titles, { placed, percent }),
      range?.from &&
        range.to &&
        h('div', {
          class: 'band',
          style: { left: percent(range.from.x), right: `calc(100% - ${percent(range.to.x)})` },
        }),
      placed.map(({ mark, index, x }) =>
        h(
          'span',
          {
            key: index,
            class: classes('mark', mark.kind, index === here && !range && 'here'),
            style: { left: percent(x) },
            title: mark.label,
          },
          h(MarkSign, { kind: mark.kind }),
        ),
      ),
      h(
        'div',
        { class: 'rail', 'aria-hidden': true },
        now && h('i', { style: { width: percent((range?.from ?? now).x) } }),
      ),
      now &&
        !range &&
        h('i', { class: 'playhead', style: { left: percent(now.x) }, 'aria-hidden': true }),
      range?.from &&
        h(
          'i',
          { class: 'end a', style: { left: percent(range.from.x) }, 'aria-hidden': true },
          'A',
        ),
      range?.to &&
        h('i', { class: 'end b', style: { left: percent(range.to.x) }, 'aria-hidden': true }, 'B'),
    ],
  )
}

/** A step begins with a gap of one and a half marks. On a phone, only the step that is read. */
function placedMarks(): readonly Placed[] {
  const step = story.value.step
  let x = 0
  let before: number | null = null
  return marks.value.flatMap((mark, index) => {
    // Marks of a broken network are in no step.
    if (narrow.value && mark.step !== 0 && mark.step !== Math.max(1, step)) return []
    if (before !== null) x += mark.step === before ? 1 : 2.5
    before = mark.step
    return [{ mark, index, x }]
  })
}

function Titles({
  placed,
  percent,
}: {
  placed: readonly Placed[]
  percent: (x: number) => string
}): ComponentChild {
  const { steps } = storyNow.value
  const width = place.value.width - besides
  const fits = (text: string, part: number) => widthOf(text) <= part * width
  const starts = steps.flatMap(({ number, title }) => {
    const first = placed.find(({ mark }) => mark.step === number)
    return first && title !== '' ? [{ number, title, x: first.x }] : []
  })
  return starts.map(({ number, title, x }, index) => {
    const next = starts[index + 1]
    const end = next ? percent(next.x) : '100%'
    const part = (Number.parseFloat(end) - Number.parseFloat(percent(x))) / 100
    const whole = translate(title)
    // "The way out: MASQUERADE" has a shorter form; without room for it, the number stays.
    const [short = whole] = whole.split(/[:：,，]| and |和/)
    const shown = [whole, short].find((text) => fits(text, part)) ?? ''
    return h(
      'span',
      {
        class: 'title',
        key: number,
        title: whole,
        style: {
          left: `calc(${percent(x)} - 10px)`,
          maxWidth: `calc(${end} - ${percent(x)} - 4px)`,
        },
      },
      [h('b', {}, number), h('span', {}, shown)],
    )
  })
}

/** What stands beside the marks in the column of the picture, and before the first letter of a title. */
const besides = 22

/** Of a title with its number, in the widest of the usual fonts. */
function widthOf(text: string): number {
  return 34 + lengthOf(text) * 7
}

function placedAt(placed: readonly Placed[], moment: number): Placed | undefined {
  return placed.findLast(({ mark }) => mark.moment !== null && mark.begins <= moment)
}

function nearerEnd(
  range: { from: Placed | undefined; to: Placed | undefined },
  x: number,
): 'from' | 'to' {
  return Math.abs((range.from?.x ?? 0) - x) <= Math.abs((range.to?.x ?? 0) - x) ? 'from' : 'to'
}

// Lets the borders between the places be dragged, or moved by arrow keys; each lesson keeps its own borders.
import { signal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { recall, remember, translate } from './text.ts'
import { subject } from './store.ts'

export const limits = { wide: [320, 520], high: [88, 720] } as const

type Along = keyof typeof limits
export type Borders = Readonly<Record<Along, number | null>>

const borders = signal<{ readonly of: string; readonly values: Borders }>({
  of: '',
  values: { wide: null, high: null },
})

/** The borders of this lesson as custom properties of the grid. */
export function bordersStyle(folded: boolean): Record<string, string> {
  const { wide, high } = bordersNow()
  const height = high ?? (folded ? limits.high[0] : null)
  return {
    ...(wide === null ? {} : { '--story-width': `${wide}px` }),
    ...(height === null ? {} : { '--picture-height': `${height}px` }),
  }
}

export function setBorder(along: Along, value: number | null): void {
  const [least, most] = limits[along]
  const kept = value === null ? null : Math.max(least, Math.min(most, Math.round(value)))
  const values = { ...bordersNow(), [along]: kept }
  borders.value = { of: nameNow(), values }
  remember(`borders of ${nameNow()}`, JSON.stringify(values))
}

export function bordersNow(): Borders {
  const { of, values } = borders.value
  return of === nameNow() ? values : recalled(nameNow())
}

export function Splitter({ along }: { along: Along }): ComponentChild {
  const measure = (target: EventTarget | null) => {
    const place = target instanceof Element ? target.parentElement : null
    const box = place?.getBoundingClientRect() ?? new DOMRect()
    return along === 'wide'
      ? { start: box.left, size: box.width }
      : { start: box.top, size: box.height }
  }
  const [least, most] = limits[along]
  const keys = along === 'wide' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
  return h('div', {
    class: `splitter ${along}`,
    role: 'separator',
    tabIndex: 0,
    'aria-orientation': along === 'wide' ? 'vertical' : 'horizontal',
    'aria-label':
      along === 'wide' ? translate('Width of the story') : translate('Height of the picture'),
    'aria-valuemin': least,
    'aria-valuemax': most,
    'aria-valuenow': bordersNow()[along] ?? (along === 'wide' ? 384 : 358),
    onPointerDown: (event: PointerEvent) => {
      if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent) => {
      if (!(event.target instanceof Element) || !event.target.hasPointerCapture(event.pointerId))
        return
      setBorder(
        along,
        (along === 'wide' ? event.clientX : event.clientY) - measure(event.target).start,
      )
    },
    onDblClick: () => setBorder(along, null),
    onKeyDown: (event: KeyboardEvent) => {
      const direction = keys.indexOf(event.key)
      if (direction < 0) return
      event.preventDefault()
      setBorder(along, measure(event.currentTarget).size + (direction === 0 ? -16 : 16))
    },
  })
}

function nameNow(): string {
  const of = subject.value
  return of === null ? '' : of.kind === 'free' ? 'free' : of.name
}

function recalled(of: string): Borders {
  try {
    const { wide, high }: Partial<Borders> = JSON.parse(recall(`borders of ${of}`) ?? '{}')
    return { wide: wide ?? null, high: high ?? null }
  } catch {
    return { wide: null, high: null }
  }
}

// Shows what stands at the left: the lesson, a broken network, a free world or the packets that are followed; the action bar stays below.
import { h, type ComponentChild, type ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { HopPanel, PacketStory } from '../packets/packets.ts'
import { back, forward, mode } from '../packets/mode.ts'
import { Unreadable } from '../notices.ts'
import { isRead } from '../picture/place.ts'
import { building, subject } from '../store.ts'
import { narrow, translate } from '../text.ts'
import { Actions } from './actions.ts'
import { FixStory } from './fix.ts'
import { FreeStory } from './free.ts'
import { LessonStory } from './lesson.ts'

export function Story({ children }: { children?: ComponentChildren }): ComponentChild {
  if (mode.value)
    return h('main', { class: 'story', 'aria-label': translate('Packets') }, [
      narrow.value && h(HopCard, {}),
      h(PacketStory, {}),
      children,
    ])
  return h('main', { class: 'story', 'aria-label': translate('Story') }, [
    h('div', { class: 'scroll', onScroll: followReading }, [h(Unreadable, {}), h(Content, {})]),
    h(Actions, {}),
    children,
  ])
}

/** Two borders, since the story itself becomes higher. */
function followReading({ currentTarget }: Event): void {
  if (!(currentTarget instanceof Element)) return
  if (currentTarget.scrollTop > 80) isRead.value = true
  if (currentTarget.scrollTop < 8) isRead.value = false
}

/** A phone shows one hop at a time: a swipe to the left brings the next one, to the right the one before. */
function HopCard(): ComponentChild {
  const start = useRef<number | null>(null)
  return h(
    'div',
    {
      class: 'hop-card',
      onTouchStart: ({ touches, target }: TouchEvent) => {
        // The strip of stations scrolls by itself.
        const scrolls = target instanceof Element && target.closest('.strip-room') !== null
        start.current = scrolls ? null : (touches[0]?.clientX ?? null)
      },
      onTouchEnd: ({ changedTouches }: TouchEvent) => {
        const moved = (changedTouches[0]?.clientX ?? 0) - (start.current ?? 0)
        if (start.current === null || Math.abs(moved) < farEnough) return
        if (moved < 0) forward()
        else back()
      },
    },
    h(HopPanel, {}),
  )
}

/** A shorter way is a tap. */
const farEnough = 48

function Content(): ComponentChild {
  const kind = subject.value?.kind
  if (kind === undefined)
    return h(
      'p',
      { class: 'empty', role: 'status' },
      translate(building.value ?? 'Building host and outside …'),
    )
  if (kind === 'broken') return h(FixStory, {})
  return kind === 'free' ? h(FreeStory, {}) : h(LessonStory, {})
}

// Shows what stands at the left: the lesson, a broken network, a free world or the packets that are followed; the action bar stays below.
import { h, type ComponentChild, type ComponentChildren } from 'preact'
import { PacketStory } from '../packets/packets.ts'
import { mode } from '../packets/mode.ts'
import { Unreadable } from '../notices.ts'
import { building, subject } from '../store.ts'
import { translate } from '../text.ts'
import { Actions } from './actions.ts'
import { FixStory } from './fix.ts'
import { FreeStory } from './free.ts'
import { LessonStory } from './lesson.ts'

export function Story({ children }: { children?: ComponentChildren }): ComponentChild {
  if (mode.value)
    return h('main', { class: 'story', 'aria-label': translate('Packets') }, [
      h(PacketStory, {}),
      children,
    ])
  return h('main', { class: 'story', 'aria-label': translate('Story') }, [
    h('div', { class: 'scroll' }, [h(Unreadable, {}), h(Content, {})]),
    h(Actions, {}),
    children,
  ])
}

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

// Lays out the page: the bar and the four places story, picture, evidence and time, which never move.
import { h, type ComponentChild } from 'preact'
import { TopBar } from './bar.ts'
import { Evidence } from './evidence/evidence.ts'
import { HomeView } from './home/home.ts'
import { Panels } from './panels.ts'
import { Picture } from './picture/picture.ts'
import { isRead } from './picture/place.ts'
import { FoldedPicture, isFolded, PictureNotes } from './picture-notes.ts'
import { bordersStyle, Splitter } from './splitter.ts'
import { Notices } from './notices.ts'
import { classes } from './elements.ts'
import { opened, shown, source, subject } from './store.ts'
import { Story } from './story/story.ts'
import { translate } from './text.ts'
import { Time } from './timeline/time.ts'

export function Frame(): ComponentChild {
  const isWorld = opened.value !== null || subject.value !== null || source.value === 'recording'
  return h('div', { class: 'whole' }, [isWorld ? h(World, {}) : h(HomeView, {}), h(Panels, {})])
}

function World(): ComponentChild {
  const folded = isFolded()
  return h(
    'div',
    {
      class: classes('frame', folded && 'folded', isRead.value && 'reads'),
      style: bordersStyle(folded),
    },
    [
      h(TopBar, {}),
      h(Notices, {}),
      h(Story, {}, h(Splitter, { along: 'wide' })),
      h('section', { class: 'picture', 'aria-label': translate('Picture') }, [
        h(
          'div',
          { class: 'canvas' },
          folded ? h(FoldedPicture, {}) : h(Picture, { shown: shown.value }),
        ),
        h(PictureNotes, { folded }),
        h(Splitter, { along: 'high' }),
      ]),
      h(Evidence, {}),
      h(Time, {}),
    ],
  )
}

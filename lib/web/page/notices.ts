// Tells in one line what the reader must know: the lab has ended, something failed, or a recording cannot be read.
import { h, type ComponentChild } from 'preact'
import { openWorld } from './connection.ts'
import { Button } from './elements.ts'
import { unreadable } from './recording.ts'
import { ended, notice, opened, source } from './store.ts'
import { translate } from './text.ts'

export function Notices(): ComponentChild {
  const over = ended.value
  if (over)
    return line(endedText(over.why), over.error, {
      label: translate('Start again'),
      onClick: startAgain,
    })
  const text = notice.value
  if (text === null || text === '') return null
  return line(text, null, { label: translate('Close'), onClick: () => (notice.value = null) })
}

/** A recording that is too new or broken: which version it is, and what reads it. */
export function Unreadable(): ComponentChild {
  const why = unreadable.value
  if (why === null) return null
  const text =
    why === 'broken'
      ? translate(
          'This file is no recording of netdojo. To make one: npm run scenario NAME -- --record FILE',
        )
      : translate(
          'This recording has version {version}. A newer netdojo reads it: update netdojo, and open it again.',
          { version: String(why.version) },
        )
  return h('p', { class: 'notice fails', role: 'alert' }, text)
}

function endedText(why: 'ended' | 'taken-over' | 'lost'): string {
  if (why === 'taken-over')
    return translate('Another page has taken this lab over. All stays readable here.')
  if (why === 'ended')
    return translate('The lab has ended. All stays readable; terminals are closed.')
  return translate('The server has ended. All stays readable; to start it again: npm run web')
}

function startAgain(): void {
  const what = opened.value
  if (source.value === 'live' && ended.value?.why === 'ended' && what) openWorld(what)
  else location.reload()
}

function line(
  text: string,
  more: string | null,
  { label, onClick }: { label: string; onClick: () => void },
): ComponentChild {
  return h('div', { class: 'notice', role: 'status' }, [
    h('span', { class: 'grow' }, [
      text,
      more !== null && more !== '' && h('code', { class: 'third' }, ` ${more}`),
    ]),
    h(Button, { onClick, children: label }),
  ])
}

// Shows what stands above the page: the list of keys, the glossary, the steps, and settings. Escape closes it, and the focus goes back.
import { signal, useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { glossary, hooksPicture, isIn } from '../../workshop/glossary.ts'
import { Button } from './elements.ts'
import { isOpen } from './evidence/tabs.ts'
import { spoken } from './evidence/terminals.ts'
import { useKeys } from './keys.ts'
import { goTo, marks, source, story, storyNow } from './store.ts'
import { language, letters, theme, translate } from './text.ts'

export const panel = signal<'help' | 'glossary' | 'steps' | 'settings' | null>(null)

export function Panels(): ComponentChild {
  useKeys({
    g: () => (panel.value = 'glossary'),
    '?': () => (panel.value = 'help'),
  })
  switch (panel.value) {
    case 'help':
      return h(Dialog, { title: translate('Keys') }, h(Help, {}))
    case 'glossary':
      return h(Dialog, { title: translate('Glossary') }, h(Glossary, {}))
    case 'steps':
      return h(Dialog, { title: translate('Steps') }, h(Steps, {}))
    case 'settings':
      return h(Dialog, { title: translate('Settings and help') }, h(Settings, {}))
    default:
      return null
  }
}

function Dialog({ title, children }: { title: string; children?: ComponentChild }): ComponentChild {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => element.current?.showModal(), [])
  const close = () => (panel.value = null)
  return h(
    'dialog',
    {
      class: 'panel',
      ref: element,
      onClose: close,
      'aria-labelledby': 'panel-title',
      onClick: (event: MouseEvent) => event.target === element.current && close(),
    },
    [
      h('header', {}, [
        h('h2', { id: 'panel-title' }, title),
        h(Button, { quiet: true, hotkey: 'esc', onClick: close, children: translate('Close') }),
      ]),
      h('div', { class: 'body' }, children),
    ],
  )
}

function Help(): ComponentChild {
  const keys: readonly (readonly [string, string])[] = [
    ['Enter', translate('the coloured button')],
    ['1 – 9', translate('an answer')],
    ['t', translate('type the command yourself')],
    ['s', translate('skip the command')],
    ['f', translate('follow the packets')],
    ['h', translate('a hint')],
    ['← →', translate('one mark of the timeline, or one hop, back and forth')],
    ['Space', translate('play the packets, or pause')],
    ['Home End', translate('the first mark or hop, the last one')],
    ['n', translate('back to now')],
    ['c', translate('compare two moments')],
    ['/', translate('filter the packets')],
    ['g', translate('the glossary')],
    ['Esc', translate('close the packets or a panel')],
    ['Ctrl+]', translate('leave a terminal: all other keys are those of its shell')],
    ['?', translate('this list')],
  ]
  return [
    h(
      'dl',
      { class: 'keys' },
      keys.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]),
    ),
    h(LettersSwitch, {}),
  ]
}

function LettersSwitch(): ComponentChild {
  const onChange = () => (letters.value = !letters.value)
  return h('label', { class: 'switch' }, [
    h('input', { type: 'checkbox', checked: letters.value, onChange }),
    translate('Single letters are keys'),
  ])
}

function Glossary(): ComponentChild {
  const wanted = useSignal('')
  const { value: now } = story
  const step = now.steps.find(({ number }) => number === now.step)
  const text = `${step?.title} ${step?.text} ${JSON.stringify(step?.rows ?? [])}`
  const matches = (entry: { term: string; meaning: string }) =>
    `${translate(entry.term)} ${translate(entry.meaning)}`
      .toLowerCase()
      .includes(wanted.value.toLowerCase())
  const found = glossary
    .filter(matches)
    .toSorted((a, b) => Number(isIn(b, text)) - Number(isIn(a, text)))
  return [
    h('input', {
      type: 'search',
      'aria-label': translate('Find a term'),
      placeholder: translate('Find a term'),
      onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
        (wanted.value = currentTarget.value),
    }),
    h(
      'dl',
      { class: 'terms' },
      found.flatMap((entry) => [
        h('dt', { key: entry.term }, translate(entry.term)),
        h('dd', {}, translate(entry.meaning)),
      ]),
    ),
    found.length === 0 && h('p', { class: 'third' }, translate('No term has these letters.')),
    wanted.value === '' && h('pre', { class: 'third' }, hooksPicture),
  ]
}

function Steps(): ComponentChild {
  const { value: now } = storyNow
  const first = (step: number) => marks.value.findIndex((mark) => mark.step === step)
  return h('div', { class: 'steps' }, [
    now.about !== '' && h('p', { class: 'third' }, translate(now.about)),
    now.steps.map(({ number, title }) => {
      const mark = marks.value[first(number)]
      const isReached = mark !== undefined && mark.moment !== null
      const open = () => {
        goTo(first(number))
        panel.value = null
      }
      return h(
        'button',
        {
          type: 'button',
          onClick: open,
          disabled: !isReached && source.value === 'live',
          ...(number === story.value.step ? { 'aria-current': 'step' as const } : {}),
        },
        [
          h('span', { class: 'mono third' }, String(number)),
          h('span', { class: 'grow' }, translate(title)),
          number < now.step && h('span', { class: 'ok' }, '✓'),
          number === now.step && h('span', { class: 'third' }, translate('here')),
        ],
      )
    }),
  ])
}

function Settings(): ComponentChild {
  const isDark = theme.value === 'dark'
  return h('div', { class: 'settings' }, [
    h(Button, {
      onClick: () => (theme.value = isDark ? 'light' : 'dark'),
      children: isDark ? translate('Light colours') : translate('Dark colours'),
    }),
    h(Button, {
      onClick: () => (language.value = language.value === 'en' ? 'zh' : 'en'),
      children: language.value === 'en' ? '中文' : 'English',
    }),
    h(Button, { onClick: () => (panel.value = 'glossary'), children: translate('Glossary') }),
    h(Button, { onClick: () => (panel.value = 'steps'), children: translate('Steps') }),
    h(Button, { onClick: () => (panel.value = 'help'), children: translate('Keys') }),
    h(Button, {
      onClick: () => {
        isOpen.value = true
        panel.value = null
      },
      children: translate('Tables and terminals'),
    }),
    h(LettersSwitch, {}),
    h('label', { class: 'switch' }, [
      h('input', {
        type: 'checkbox',
        checked: spoken.value,
        onChange: () => (spoken.value = !spoken.value),
      }),
      translate('Terminals speak to a screen reader'),
    ]),
  ])
}

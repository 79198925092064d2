// Shows where the reader is, how far, and the switches for theme, language and panels; home is one click away.
import { h, type ComponentChild } from 'preact'
import { openWorld, send } from './connection.ts'
import { Button, Icon } from './elements.ts'
import { closePackets, mode } from './packets/mode.ts'
import { panel } from './panels.ts'
import { elsewhere, source, story, storyNow, subject, turn } from './store.ts'
import { language, narrow, theme, translate } from './text.ts'

export function TopBar(): ComponentChild {
  const isHome = subject.value === null && source.value !== 'recording'
  return h('header', { class: 'bar' }, [
    narrow.value && !isHome ? h(Back, {}) : h(Brand, {}),
    isHome
      ? h('nav', { class: 'crumbs' }, [h('span', {}, '/'), h('strong', {}, translate('Home'))])
      : h(Crumbs, {}),
    h('span', { class: 'grow' }),
    source.value === 'recording' &&
      !(narrow.value && mode.value) &&
      h('span', { class: 'chip' }, translate('recording')),
    elsewhere.value &&
      h(
        'span',
        { class: 'chip dashed' },
        translate('command {number} left out', { number: elsewhere.value.command }),
      ),
    !isHome && h(Progress, {}),
    mode.value
      ? h(Button, { onClick: closePackets, hotkey: 'esc', children: translate('Close') })
      : !isHome && h(Tools, {}),
    h(Switches, {}),
  ])
}

function Brand(): ComponentChild {
  return h('button', { type: 'button', class: 'brand', onClick: goHome }, [
    h(Icon, { name: 'logo', size: 20 }),
    'netdojo',
  ])
}

function Back(): ComponentChild {
  const children = h('span', { 'aria-hidden': true }, '‹')
  return h(Button, { onClick: goHome, quiet: true, icon: true, label: translate('Home'), children })
}

/** A live lab ends with that: the server asks for nothing, since progress is kept. */
function goHome(): void {
  closePackets()
  if (source.value === 'live') openWorld(null)
  else if (globalThis.netdojoSite === undefined) location.href = '../index.html'
}

function Crumbs(): ComponentChild {
  const of = subject.value
  if (!of) return null
  const kind =
    of.kind === 'scenario'
      ? translate('Course')
      : of.kind === 'broken'
        ? translate('Broken networks')
        : translate('A free world')
  const name = of.kind === 'scenario' ? of.name : of.kind === 'broken' ? String(of.number) : null
  const parts = [
    ...(narrow.value && name !== null
      ? []
      : [
          name === null
            ? h('strong', {}, kind)
            : h('button', { type: 'button', onClick: goHome }, kind),
        ]),
    ...(name === null || (mode.value && narrow.value)
      ? []
      : [mode.value ? name : h('strong', {}, name)]),
    ...(mode.value ? [h('strong', {}, translate('packets'))] : []),
  ]
  return h(
    'nav',
    { class: 'crumbs', 'aria-label': translate('Where you are') },
    parts.flatMap((part, index) =>
      index === 0 && narrow.value ? [part] : [h('span', { 'aria-hidden': true }, '/'), part],
    ),
  )
}

function Progress(): ComponentChild {
  const now = (source.value === 'recording' ? story : storyNow).value
  if (narrow.value) {
    if (now.steps.length === 0) return null
    const values = { step: Math.max(1, now.step), steps: now.steps.length }
    return h('span', { class: 'progress' }, translate('{step} of {steps}', values))
  }
  const checks = now.marks.filter(({ isCheck }) => isCheck)
  if (checks.length === 0 || mode.value || subject.value?.kind === 'broken') return null
  const done = checks.filter(({ kind }) => kind !== 'later').length
  return h(
    'span',
    { class: 'progress' },
    translate('{done} of {all} checks', { done, all: checks.length }),
  )
}

function Tools(): ComponentChild {
  const now = turn.value
  if (now?.kind === 'fix' && now.solution === null)
    return h(Button, {
      quiet: true,
      onClick: () => send({ type: 'solution' }),
      children: translate('Show the solution'),
    })
  if (storyNow.value.steps.length === 0 || narrow.value) return null
  const onClick = () => (panel.value = 'steps')
  return h(Button, { quiet: true, onClick, children: translate('Steps') })
}

function Switches(): ComponentChild {
  const isDark = theme.value === 'dark'
  const label = isDark ? translate('Light colours') : translate('Dark colours')
  const turnOver = () => (theme.value = isDark ? 'light' : 'dark')
  const speak = () => (language.value = language.value === 'en' ? 'zh' : 'en')
  if (narrow.value)
    return h(Button, {
      quiet: true,
      icon: true,
      label: translate('Settings and help'),
      onClick: () => (panel.value = 'settings'),
      children: h(Icon, { name: 'more' }),
    })
  return [
    h(Button, {
      quiet: true,
      icon: true,
      label,
      onClick: turnOver,
      children: h(Icon, { name: isDark ? 'sun' : 'moon' }),
    }),
    h(Button, {
      quiet: true,
      onClick: speak,
      label: translate('Language'),
      children: language.value === 'en' ? 'English' : '中文',
    }),
  ]
}

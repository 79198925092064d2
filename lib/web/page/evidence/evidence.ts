// Shows what proves the story: terminals and tables in tabs. Empty tabs say what would fill them.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { classes, Icon, releaseFocus } from '../elements.ts'
import type { TableTab } from '../model.ts'
import { HopPanel, hopTitle } from '../packets/packets.ts'
import { mode } from '../packets/mode.ts'
import { isStill, looksBack, pools, shown, source, subject } from '../store.ts'
import {
  ChangesTab,
  ConntrackTab,
  PacketsTab,
  RoutesTab,
  RulesTab,
  tabCount,
} from '../tables/tables.ts'
import { narrow, translate } from '../text.ts'
import { FollowForm } from './follow.ts'
import { IpamTab } from './ipam.ts'
import { isOpen, nodes, openTab, sideBySide, tab, type PanelTab } from './tabs.ts'
import { TerminalView } from './terminal-view.ts'
import { changes, hasNews, stateOf } from './terminals.ts'

type Entry = {
  readonly name: PanelTab | `node ${string}`
  readonly label: ComponentChild
  readonly isNode: boolean
  readonly count?: { readonly count: number; readonly changed: boolean }
}

export function Evidence(): ComponentChild {
  const entries = tabs()
  const isFollowed = mode.value !== null
  useEffect(() => {
    if (isFollowed) tab.value = 'hop'
    else if (tab.value === 'hop') tab.value = 'node host'
  }, [isFollowed])
  const isAboutAddresses = isStill.value
  useEffect(() => {
    if (isAboutAddresses && tab.value === 'node host') tab.value = 'ipam'
  }, [isAboutAddresses])
  const current = entries.find(({ name }) => name === tab.value) ?? entries[0]
  return h(
    'section',
    { class: classes('evidence', isOpen.value && 'opened'), 'aria-label': translate('Evidence') },
    [
      h('div', { class: 'tabs' }, [
        h(
          'div',
          { class: 'list', role: 'tablist', onKeyDown: walk },
          groupsOf(entries).map((group, index) => [
            index > 0 && h('span', { class: 'between', 'aria-hidden': true }),
            h(
              'div',
              { class: classes('group', group[0]?.isNode && 'nodes'), role: 'presentation' },
              group.map((entry) =>
                h(TabButton, { entry, isSelected: entry === current, key: entry.name }),
              ),
            ),
          ]),
        ),
        h(Note, {}),
      ]),
      h(
        'div',
        { class: 'content', role: 'tabpanel', 'aria-label': current?.name ?? '' },
        current && h(Content, { name: current.name, key: current.name }),
      ),
    ],
  )
}

/** Tables are always in view; many nodes scroll beside them. */
function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const first = entries.findIndex(({ isNode }) => isNode)
  const last = entries.findLastIndex(({ isNode }) => isNode)
  return [entries.slice(0, first), entries.slice(first, last + 1), entries.slice(last + 1)].filter(
    ({ length }) => length > 0,
  )
}

function tabs(): readonly Entry[] {
  const { value: now } = shown
  const table = (name: TableTab, label: string): Entry => ({
    name,
    label,
    isNode: false,
    count: tabCount(name, now),
  })
  const names = nodes.value.length > 0 ? nodes.value : ['host']
  const gone =
    changes.value >= 0 &&
    tab.value.startsWith('node ') &&
    !names.includes(tab.value.slice(5)) &&
    stateOf(tab.value.slice(5)) !== 'none'
  return [
    ...(mode.value
      ? [
          {
            name: 'hop',
            isNode: false,
            label: [h(Icon, { name: 'envelope' }), ' ', hopTitle()],
          } as const,
        ]
      : []),
    ...[...names, ...(gone ? [tab.value.slice(5)] : [])].map((node): Entry => ({
      name: `node ${node}`,
      isNode: true,
      label: node,
    })),
    table('packets', translate('Packets')),
    table('changes', translate('Changes')),
    table('rules', translate('Rules')),
    table('routes', translate('Routes')),
    table('conntrack', translate('Conntrack')),
    ...(pools.value.length > 0
      ? [{ name: 'ipam', isNode: false, label: translate('IPAM') } as const]
      : []),
  ]
}

function TabButton({ entry, isSelected }: { entry: Entry; isSelected: boolean }): ComponentChild {
  const { name, label, count, isNode } = entry
  const node = name.replace(/^node /, '')
  const isGone = isNode && nodes.value.length > 0 && !nodes.value.includes(node)
  const isLocked = node === 'outside' && isNode && subject.value?.kind === 'broken'
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isSelected) button.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [isSelected])
  return h(
    'button',
    {
      type: 'button',
      role: 'tab',
      ref: button,
      class: classes('tab', isNode && 'of-node'),
      'aria-selected': isSelected,
      tabIndex: isSelected ? 0 : -1,
      onClick: (event: MouseEvent) => {
        releaseFocus(event)
        // On a low screen the open tab folds.
        if (isSelected && isOpen.value) isOpen.value = false
        else openTab(name)
      },
      ...(isNode
        ? {
            title: isLocked
              ? translate('To look at: you must not change the Internet')
              : translate('Ctrl+] leaves a terminal'),
          }
        : {}),
    },
    [
      label,
      isGone && `, ${translate('ended')}`,
      isNode &&
        !isSelected &&
        changes.value >= 0 &&
        hasNews(node) &&
        h('i', { class: 'news', role: 'img', 'aria-label': translate('new output') }),
      isLocked && h(Icon, { name: 'lock', size: 13 }),
      count !== undefined &&
        count.count > 0 &&
        h(
          'span',
          { class: classes('count', count.changed && 'changed') },
          count.count.toLocaleString('en'),
        ),
    ],
  )
}

function Note(): ComponentChild {
  if (looksBack.value)
    return h('span', { class: 'note' }, translate('terminals are in the present'))
  if (source.value !== 'live' || !tab.value.startsWith('node ') || narrow.value) return null
  const onClick = () => (sideBySide.value = !sideBySide.value)
  return h(
    'button',
    { type: 'button', class: 'note', onClick, 'aria-pressed': sideBySide.value },
    translate('side by side'),
  )
}

function Content({ name }: { name: Entry['name'] }): ComponentChild {
  const now = shown.value
  switch (name) {
    case 'hop':
      return h(HopPanel, {})
    case 'packets':
      return [source.value === 'live' && h(FollowForm, {}), h(PacketsTab, { shown: now })]
    case 'changes':
      return h(ChangesTab, { shown: now })
    case 'rules':
      return h(RulesTab, { shown: now })
    case 'routes':
      return h(RoutesTab, { shown: now })
    case 'conntrack':
      return h(ConntrackTab, { shown: now })
    case 'ipam':
      return h(IpamTab, {})
    default: {
      const node = name.slice('node '.length)
      const other = nodes.value.find((each) => each !== node)
      if (!sideBySide.value || other === undefined || source.value !== 'live')
        return h(TerminalView, { node })
      return h('div', { class: 'side-by-side' }, [
        h(TerminalView, { node }),
        h(TerminalView, { node: other }),
      ])
    }
  }
}

/** Left and right walk through the tabs. */
function walk(event: KeyboardEvent): void {
  const way = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  if (way === 0 || !(event.currentTarget instanceof Element)) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')]
  const now = all.findIndex((each) => each === document.activeElement)
  const next = all[(now + way + all.length) % all.length]
  event.preventDefault()
  next?.focus()
  next?.click()
}

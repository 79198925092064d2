// Shows a state of the network as tables, each in a tab of the evidence.
import { h, type ComponentChild } from 'preact'
import type { Shown } from '../model.ts'

export type Tab = 'packets' | 'changes' | 'rules' | 'routes' | 'conntrack'
type TabProps = { readonly shown: Shown }

export function tabCount(_tab: Tab, _shown: Shown): { count: number; changed: boolean } {
  return { count: 0, changed: false }
}

export function PacketsTab({ shown }: TabProps): ComponentChild {
  return h('p', { class: 'empty' }, String(shown.journeys.length))
}

export function ChangesTab({ shown }: TabProps): ComponentChild {
  return h(
    'ul',
    { class: 'empty' },
    shown.changes.map(({ text }) => h('li', {}, text)),
  )
}

export function RulesTab(_props: TabProps): ComponentChild {
  return null
}

export function RoutesTab(_props: TabProps): ComponentChild {
  return null
}

export function ConntrackTab(_props: TabProps): ComponentChild {
  return null
}

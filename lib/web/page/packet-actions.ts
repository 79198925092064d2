// Does what the buttons of the packet mode ask for: opens the tab with a rule or a counter, and tries the same without a command.
import { signal } from '@preact/signals'
import { tab, type PanelTab } from './evidence/tabs.ts'

/** What a tab shows first: a rule, a route, an entry. */
export const highlighted = signal<{ readonly node: string; readonly text: string } | null>(null)

export const packetActions = {
  onShow: ({ kind, node, text }: { kind: string; node: string; text: string }): void => {
    highlighted.value = { node, text }
    tab.value = tabOf(kind)
  },
  onTry: (): void => undefined,
}

function tabOf(kind: string): PanelTab {
  if (kind === 'route' || kind === 'setting') return 'routes'
  return kind === 'entry' ? 'conntrack' : 'rules'
}

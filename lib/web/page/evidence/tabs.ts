// Keeps which tab of the evidence is open: a terminal of a node, or a table.
import { computed, signal } from '@preact/signals'
import type { TableTab } from '../model.ts'
import { shown } from '../store.ts'

export type PanelTab = TableTab | 'ipam' | 'hop'

/** A table, or `node NAME`. */
export const tab = signal<PanelTab | `node ${string}`>('node host')
/** A wide screen has room for two terminals. */
export const sideBySide = signal(matchMedia('(min-width: 1600px)').matches)
/** On a low screen or a phone the evidence opens on demand. */
export const isOpen = signal(false)
/** Raised when the terminal in the open tab must take the focus. */
export const focusWanted = signal(0)

/** In the order of the state: host first. */
export const nodes = computed<readonly string[]>(
  () => shown.value.state?.nodes.map(({ name }) => name) ?? [],
)

export function openTab(name: PanelTab | `node ${string}`): void {
  tab.value = name
  isOpen.value = true
}

export function bringTerminal(node: string): void {
  openTab(`node ${node}`)
  focusWanted.value += 1
}

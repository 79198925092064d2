// Maps keys to actions: views register what their keys do while they are shown. Keys in a terminal or a text field stay there.
import { useLayoutEffect } from 'preact/hooks'
import { packetKeys } from './packets/packets.ts'
import { mode } from './packets/mode.ts'
import { letters } from './text.ts'

type Action = () => void
type Keys = Readonly<Record<string, Action | undefined>>

const registered: { keys: Keys }[] = []

/** Registers keys as `KeyboardEvent.key` names them; those of the view that was shown last come first. */
export function useKeys(keys: Keys): void {
  // What can be seen can be pressed: an effect after the paint would lose a fast key.
  useLayoutEffect(() => {
    const entry = { keys }
    registered.push(entry)
    return () => {
      registered.splice(registered.indexOf(entry), 1)
    }
  })
}

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (!(event.target instanceof Element) || ownsKeys(event.target, event.key)) return
    if (document.querySelector('dialog[open]') && event.key !== 'Escape') return
    if (mode.value && packetKeys(event)) return event.preventDefault()
    const isLetter = /^[a-z0-9/?]$/i.test(event.key)
    if (isLetter && !letters.value) return
    const action = registered.findLast(({ keys }) => keys[event.key])?.keys[event.key]
    if (!action) return
    event.preventDefault()
    action()
  })
}

/** Enter and Space press the button that has the focus, and arrows walk through tabs, sliders and the picture. */
function ownsKeys(target: Element, key: string): boolean {
  if (target.closest('.xterm, input:not([type=radio], [type=checkbox]), textarea, select'))
    return true
  if (key === 'Enter' || key === ' ')
    return (
      target.closest(
        'button:not([role=tab][aria-selected=true]), a, summary, input, [role=button]',
      ) !== null
    )
  return (
    /^(Arrow|Home|End)/.test(key) &&
    target.closest('[role=tab], [role=slider], [role=separator], [data-walk]') !== null
  )
}

// Makes the small parts that every view shares: buttons with their key, icons, code and signs; each is readable without its colour.
import { h, type ComponentChild, type ComponentChildren } from 'preact'
import { letters } from './text.ts'

/** Icons are drawn on a field of 16 by 16, with a line of 1.5. */
const icons = {
  logo: 'M1.5 2.5h5v4h-5zM9.5 9.5h5v4h-5zM4 6.5v5h5.500M6.500 4.500h5.500v5',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.400 3 5.600 5.600 0 1 0 13 9.600z',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  envelope: 'M1.500 3.500h13v9h-13zM1.500 4l6.500 5 6.500-5',
  keyboard:
    'M1.500 3.500h13v9h-13zM4 6.500h.100M6.500 6.500h.100M9.500 6.500h.100M12 6.500h.100M5 9.500h6',
  lock: 'M3.500 7.500h9v6h-9zM5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2',
  back: 'M4 3v10M12 3.500 6 8l6 4.500z',
  forward: 'M12 3v10M4 3.500 10 8l-6 4.500z',
  more: 'M3 8h.100M8 8h.100M13 8h.100',
  settings: 'M2 4.500h7M12 4.500h2M2 11.500h2M7 11.500h7M10.500 3v3M5.500 10v3',
} as const

export function Icon({
  name,
  size = 16,
}: {
  name: keyof typeof icons
  size?: number
}): ComponentChild {
  const solid = name === 'back' || name === 'forward'
  return h(
    'svg',
    {
      class: 'icon',
      width: size,
      height: size,
      viewBox: '0 0 16 16',
      fill: solid ? 'currentColor' : 'none',
      stroke: 'currentColor',
      'stroke-width': name === 'more' ? 2.2 : 1.5,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    h('path', { d: icons[name] }),
  )
}

type ButtonProps = {
  readonly onClick: () => void
  readonly children: ComponentChildren
  readonly primary?: boolean
  readonly quiet?: boolean
  readonly disabled?: boolean
  readonly icon?: boolean
  /** The letter that does the same; shown while letters are on. */
  readonly hotkey?: string | undefined
  readonly label?: string
  readonly pressed?: boolean
}

export function Button(props: ButtonProps): ComponentChild {
  const { onClick, children, primary, quiet, disabled, icon, hotkey, label, pressed } = props
  const kind = [primary && 'primary', quiet && 'quiet', icon && 'icon'].filter(Boolean).join(' ')
  const isShown = hotkey !== undefined && (letters.value || hotkey.length > 1)
  return h(
    'button',
    {
      type: 'button',
      class: `button ${kind}`,
      onClick: (event: MouseEvent) => {
        releaseFocus(event)
        onClick()
      },
      disabled: disabled ?? false,
      ...(label === undefined ? {} : { 'aria-label': label, title: label }),
      ...(pressed === undefined ? {} : { 'aria-pressed': pressed }),
      ...(hotkey === undefined ? {} : { 'aria-keyshortcuts': hotkey === '⏎' ? 'Enter' : hotkey }),
    },
    children,
    isShown && h('span', { class: 'key', 'aria-hidden': 'true' }, hotkey),
  )
}

/** After a click with a mouse, Enter is the primary action again; with a keyboard, the focus stays. */
export function releaseFocus({ detail, currentTarget }: MouseEvent): void {
  if (detail > 0 && currentTarget instanceof HTMLElement) currentTarget.blur()
}

export function Link(props: { onClick: () => void; children: ComponentChildren }): ComponentChild {
  return h('button', { type: 'button', class: 'link', onClick: props.onClick }, props.children)
}

/** A command as a person types it. An option such as --dport never breaks. */
export function Command({ line }: { line: string }): ComponentChild {
  return h('code', { class: 'command' }, unbroken(line))
}

/** Paragraphs of a text; a blank line separates them. */
export function Prose({ text }: { text: string }): ComponentChild {
  return h(
    'div',
    { class: 'prose' },
    text.split(/\n\s*\n/).map((paragraph) => h('p', {}, unbroken(paragraph))),
  )
}

/** An option, with or without a quote before it, stays on one line. */
function unbroken(text: string): ComponentChild {
  return text
    .split(/(\s+)/)
    .map((word) => (/^['(]?-/.test(word) ? h('span', { class: 'option' }, word) : word))
}

export function classes(...names: readonly (string | false | undefined | null)[]): string {
  return names.filter(Boolean).join(' ')
}

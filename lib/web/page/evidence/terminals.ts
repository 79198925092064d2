// Keeps one terminal for each node: a shell inside the lab, whose output is acknowledged when it is shown, so that a flood cannot pile up.
import { effect, signal } from '@preact/signals'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type ITheme } from '@xterm/xterm'
import { mostTerminals } from '../../protocol.ts'
import { listenToTerminals, send } from '../connection.ts'
import { theme, translate } from '../text.ts'
import { tab } from './tabs.ts'

export type Shell = {
  readonly node: string
  readonly terminal: Terminal
  readonly element: HTMLElement
  readonly fit: () => void
  isOpen: boolean
  state: 'opening' | 'open' | 'ended'
}

const shells = new Map<string, Shell>()
/** Raised when a terminal opens, ends or prints out of sight. */
export const changes = signal(0)
const unseen = new Set<string>()
/** What is typed in terminals that are not open yet. */
const typedEarly = new Map<string, string>()
/** Whether terminals also write their lines for a screen reader, which takes time of each line. */
export const spoken = signal(false)

export function startTerminals(): void {
  listenToTerminals((message) => {
    switch (message.type) {
      case 'terminals':
        for (const shell of shells.values()) shell.terminal.dispose()
        shells.clear()
        unseen.clear()
        typedEarly.clear()
        for (const { terminal, node } of message.open) make(terminal, node).state = 'open'
        break
      case 'terminal-opened': {
        const shell = shells.get(message.terminal)
        if (shell) shell.state = 'open'
        const early = typedEarly.get(message.terminal)
        typedEarly.delete(message.terminal)
        if (shell && early !== undefined) shell.terminal.input(early)
        break
      }
      case 'terminal-data':
        return print(message.terminal, message.data)
      case 'terminal-ended': {
        const shell = shells.get(message.terminal)
        if (shell) shell.state = 'ended'
        break
      }
      default:
    }
    changes.value += 1
  })
  effect(() => {
    const colours = terminalTheme(theme.value)
    for (const { terminal } of shells.values()) terminal.options.theme = colours
  })
  effect(() => {
    for (const { terminal } of shells.values()) terminal.options.screenReaderMode = spoken.value
  })
  effect(() => {
    unseen.delete(tab.value.replace(/^node /, ''))
  })
}

/** @returns the terminal of this node; null if too many are open. */
export function shellOf(node: string): Shell | null {
  const known = shells.get(node)
  if (known && known.state !== 'ended') return known
  if (openOnes() >= mostTerminals) return null
  known?.terminal.dispose()
  return make(node, node)
}

/** Types for the learner, as soon as the terminal of this node is open. */
export function typeIn(node: string, data: string): void {
  const shell = shellOf(node)
  if (shell?.state === 'open') shell.terminal.input(data)
  else if (shell) typedEarly.set(node, (typedEarly.get(node) ?? '') + data)
}

/** Without opening one. */
export function stateOf(node: string): Shell['state'] | 'none' {
  return shells.get(node)?.state ?? 'none'
}

export function hasNews(node: string): boolean {
  return unseen.has(node)
}

/** Opens the pty when the terminal stands in the page, since its size is known only then. */
export function begin(shell: Shell): void {
  shell.fit()
  if (shell.isOpen) return
  shell.isOpen = true
  const { cols: columns, rows } = shell.terminal
  if (shell.state === 'opening')
    send({ type: 'terminal-open', terminal: shell.node, node: shell.node, columns, rows })
}

function make(name: string, node: string): Shell {
  const element = document.createElement('div')
  element.className = 'terminal'
  const terminal = new Terminal({
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    fontSize: 12,
    lineHeight: 1.25,
    scrollback: 5000,
    cursorBlink: false,
    theme: terminalTheme(theme.value),
    screenReaderMode: spoken.value,
  })
  const addon = new FitAddon()
  terminal.loadAddon(addon)
  const greeting = translate(
    '# You are root on {node}, a network namespace of this lab. It ends with the page.',
    { node },
  )
  terminal.write(`\u001b[90m${greeting}\u001b[0m\r\n`)
  terminal.onData((data) => send({ type: 'terminal-data', terminal: name, data }))
  terminal.onResize(({ cols: columns, rows }) =>
    send({ type: 'terminal-resize', terminal: name, columns, rows }),
  )
  terminal.attachCustomKeyEventHandler((event) => {
    // All keys are the shell's, but Ctrl+] leaves it.
    if (event.ctrlKey && event.code === 'BracketRight') {
      if (event.type === 'keydown') leave()
      return false
    }
    return true
  })
  let isPlaced = false
  const fit = () => {
    if (!element.isConnected || element.clientHeight < 10) return
    if (!isPlaced) terminal.open(element)
    isPlaced = true
    addon.fit()
  }
  const shell: Shell = { node, terminal, element, fit, isOpen: false, state: 'opening' }
  shells.set(name, shell)
  return shell
}

function print(name: string, data: string): void {
  const shell = shells.get(name)
  if (!shell) return
  shell.terminal.write(data, () =>
    send({ type: 'terminal-ack', terminal: name, characters: data.length }),
  )
  if (tab.value === `node ${name}` || unseen.has(name)) return
  unseen.add(name)
  changes.value += 1
}

function leave(): void {
  document.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()
}

function openOnes(): number {
  return [...shells.values()].filter(({ state }) => state !== 'ended').length
}

/** The colours of the page; a terminal in the light theme is light, too. */
function terminalTheme(name: 'light' | 'dark'): ITheme {
  const probe = document.createElement('i')
  document.body.append(probe)
  const colour = (token: string) => {
    probe.style.color = `var(--${token})`
    return hex(getComputedStyle(probe).color)
  }
  const theme: ITheme = {
    background: colour('surface'),
    foreground: colour('ink'),
    cursor: colour('here'),
    cursorAccent: colour('surface'),
    selectionBackground: colour('here-tint'),
  }
  const names = {
    Red: 'fail',
    Green: 'ok',
    Yellow: 'changed',
    Blue: 'here',
    Magenta: 'ct',
    Cyan: 'device',
    ...(name === 'light'
      ? {
          Black: 'ink',
          White: 'ink3',
        }
      : {
          Black: 'hairline',
          White: 'ink2',
        }),
  }
  for (const [key, token] of Object.entries(names))
    Object.assign(theme, {
      [key.toLowerCase()]: colour(token),
      [`bright${key}`]: colour(key === 'Black' ? 'ink3' : token),
    })
  probe.remove()
  return theme
}

/** xterm reads no `color(…)`. */
function hex(colour: string): string {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return `#${[red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

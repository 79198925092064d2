// Shows the terminal of a node, or in a recording what the commands on the node have printed.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button, Command } from '../elements.ts'
import { ended, looksBack, shown, source, story } from '../store.ts'
import { translate } from '../text.ts'
import { focusWanted, nodes } from './tabs.ts'
import { begin, changes, shellOf, stateOf } from './terminals.ts'

export function TerminalView({ node }: { node: string }): ComponentChild {
  if (source.value === 'recording') return h(Transcript, { node })
  const isThere = nodes.value.includes(node)
  if (!isThere && stateOf(node) === 'none')
    return h('p', { class: 'empty' }, translate('{node} does not exist yet.', { node }))
  return h(LiveTerminal, { node, key: node })
}

function LiveTerminal({ node }: { node: string }): ComponentChild {
  const place = useRef<HTMLDivElement>(null)
  const isOver = ended.value !== null
  const state = changes.value >= 0 ? stateOf(node) : 'none'
  const isEnded = state === 'ended'
  const count = focusWanted.value
  useEffect(() => {
    const element = place.current
    const shell = isOver || isEnded ? null : shellOf(node)
    if (!element || !shell) return undefined
    element.append(shell.element)
    begin(shell)
    const observer = new ResizeObserver(() => shell.fit())
    observer.observe(element)
    return () => {
      observer.disconnect()
      shell.element.remove()
    }
  }, [node, isOver])
  useEffect(() => {
    if (count > 0) shellOf(node)?.terminal.focus()
  }, [count])
  return h('div', { class: 'terminal-place' }, [
    looksBack.value && h('p', { class: 'aside' }, translate('Terminals are in the present.')),
    h('div', {
      class: 'terminal-room',
      ref: place,
      'aria-label': translate('Terminal of {node}', { node }),
    }),
    isEnded &&
      !isOver &&
      h('div', { class: 'notice' }, [
        h('span', { class: 'grow' }, translate('This shell has ended.')),
        h(Button, { onClick: () => again(node), children: translate('Open another') }),
      ]),
  ])
}

function again(node: string): void {
  shellOf(node)
  changes.value += 1
}

/** The commands of the recording on this node, as far as the cursor. */
function Transcript({ node }: { node: string }): ComponentChild {
  const end = useRef<HTMLDivElement>(null)
  const rows = story.value.steps
    .flatMap(({ rows }) => rows)
    .filter((row) => (row.kind === 'command' || row.kind === 'check') && row.node === node)
  const done = rows.flatMap((row) =>
    (row.kind === 'command' && row.moment !== null && row.state !== 'later') ||
    (row.kind === 'check' && row.state === 'judged')
      ? [row]
      : [],
  )
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [done.length, node])
  if (done.length === 0)
    return h(
      'p',
      { class: 'empty' },
      shown.value.state && !nodes.value.includes(node)
        ? translate('{node} does not exist yet.', { node })
        : translate('No command has run on {node} yet.', { node }),
    )
  return h(
    'div',
    {
      class: 'transcript',
      tabIndex: 0,
      role: 'log',
      'aria-label': translate('Terminal of {node}', { node }),
    },
    [
      done.map((row, index) => [
        h('p', { key: `line ${index}` }, [h('b', {}, `${node}# `), h(Command, { line: row.line })]),
        row.output !== '' && h('pre', { key: `output ${index}` }, row.output.trimEnd()),
      ]),
      h('div', { ref: end }),
    ],
  )
}

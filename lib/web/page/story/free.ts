// Shows a free world: what can be done in it, and how it is kept as a script that builds it again.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { ask } from '../connection.ts'
import { Button } from '../elements.ts'
import { bringTerminal, openTab } from '../evidence/tabs.ts'
import { typeIn } from '../evidence/terminals.ts'
import { opened } from '../store.ts'
import { translate } from '../text.ts'
import type { Action } from './turns.ts'

const examples = [
  'ip netns add ns1',
  'ip link add veth1 type veth peer name eth0 netns ns1',
  'netdojo network create demo',
  'netdojo run -d --network demo --name web serve 80',
]

export function FreeStory(): ComponentChild {
  const what = opened.value
  const name = what?.kind === 'free' ? what.world : null
  return h('section', { class: 'heading free' }, [
    h('h1', {}, name ?? translate('A free world')),
    h(
      'p',
      {},
      translate(
        'A host and the Internet, without questions. You are root in each terminal; the picture shows what the kernel has.',
      ),
    ),
    h('h3', {}, translate('To begin with')),
    h('p', {}, translate('A click runs the command in the terminal of host.')),
    h(
      'ul',
      { class: 'examples' },
      examples.map((line) =>
        h('li', {}, [
          h(
            'button',
            { type: 'button', class: 'link', onClick: () => run(line) },
            h('code', {}, line),
          ),
        ]),
      ),
    ),
    h('h3', {}, translate('Keep this world')),
    h(
      'p',
      {},
      translate(
        'It is saved as a script of ip, nft and sysctl lines that builds it again. Home lists it.',
      ),
    ),
    h(SaveForm, { name: name ?? 'my-world' }),
  ])
}

/** What can be done in a free world at any time. */
export function freeActions(): readonly Action[] {
  const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus()
  return [
    { label: translate('Terminal of {node}', { node: 'host' }), run: () => bringTerminal('host') },
    {
      label: translate('Follow a packet'),
      hotkey: 'f',
      isPacket: true,
      run: () => {
        openTab('packets')
        requestAnimationFrame(() => focus('.follow input'))
      },
    },
    { label: translate('Save'), hotkey: 's', run: () => focus('.save input') },
  ]
}

function run(line: string): void {
  bringTerminal('host')
  typeIn('host', `${line}\n`)
}

function SaveForm({ name }: { name: string }): ComponentChild {
  const wanted = useSignal(name)
  const said = useSignal<string | null>(null)
  const mustReplace = useSignal(false)
  const save = async (replace: boolean) => {
    mustReplace.value = false
    try {
      const reply = await ask({ kind: 'save', name: wanted.value, replace })
      mustReplace.value = reply.kind === 'world-exists'
      if (reply.kind === 'world-exists')
        said.value = translate('A world with this name was saved before, {lines} lines.', {
          lines: reply.lines,
        })
      if (reply.kind === 'save')
        said.value = translate('Saved: {path}, {lines} lines', {
          path: reply.path,
          lines: reply.lines,
        })
    } catch (error) {
      said.value = error instanceof Error ? error.message : String(error)
    }
  }
  return h(
    'form',
    {
      class: 'save',
      onSubmit: (event: Event) => {
        event.preventDefault()
        void save(false)
      },
    },
    [
      h('input', {
        type: 'text',
        value: wanted.value,
        'aria-label': translate('Name of the world'),
        onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
          wanted.value = currentTarget.value
          mustReplace.value = false
        },
      }),
      h(Button, { onClick: () => void save(false), children: translate('Save') }),
      said.value !== null && h('p', { class: 'third', role: 'status' }, said.value),
      mustReplace.value &&
        h(Button, { onClick: () => void save(true), children: translate('Replace it') }),
    ],
  )
}

// Shows a free world: what can be done in it, and how it is kept as a script that builds it again.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { ask } from '../connection.ts'
import { Button } from '../elements.ts'
import { opened } from '../store.ts'
import { translate } from '../text.ts'

export function FreeStory(): ComponentChild {
  const what = opened.value
  const name = what?.kind === 'free' ? what.world : null
  return h('section', { class: 'heading' }, [
    h('h1', {}, name ?? translate('A free world')),
    h(
      'p',
      {},
      translate(
        'A host and the Internet, without questions. You are root in each terminal; the picture shows what the kernel has.',
      ),
    ),
    h('h3', {}, translate('To begin with')),
    h('ul', { class: 'examples' }, [
      h('li', {}, h('code', {}, 'ip netns add ns1')),
      h('li', {}, h('code', {}, 'ip link add veth1 type veth peer name eth0 netns ns1')),
      h('li', {}, h('code', {}, 'netdojo network create demo')),
      h('li', {}, h('code', {}, 'netdojo run --network demo --name web serve 80')),
    ]),
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

function SaveForm({ name }: { name: string }): ComponentChild {
  const wanted = useSignal(name)
  const said = useSignal<string | null>(null)
  const save = async () => {
    try {
      const reply = await ask({ kind: 'save', name: wanted.value })
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
        void save()
      },
    },
    [
      h('input', {
        type: 'text',
        value: wanted.value,
        'aria-label': translate('Name of the world'),
        onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
          (wanted.value = currentTarget.value),
      }),
      h(Button, { onClick: () => void save(), children: translate('Save') }),
      said.value !== null && h('p', { class: 'third', role: 'status' }, said.value),
    ],
  )
}

// Lets the learner follow the packets of any ping or curl: a node, a line and a button.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { ask } from '../connection.ts'
import { Button } from '../elements.ts'
import { packetActions } from '../packet-actions.ts'
import { openPackets } from '../packets/mode.ts'
import { story } from '../store.ts'
import { translate } from '../text.ts'
import { nodes } from './tabs.ts'

export function FollowForm(): ComponentChild {
  const node = useSignal('host')
  const line = useSignal('ping -c 1 -W 0.5 198.51.100.1')
  const state = useSignal<'ready' | 'asking' | { readonly error: string }>('ready')
  const follow = async () => {
    state.value = 'asking'
    try {
      await ask({ kind: 'follow', node: node.value, line: line.value })
      state.value = 'ready'
      const followed = story.value.journeys.at(-1)
      if (followed?.journey) openPackets(followed, packetActions)
      else state.value = { error: followed?.error ?? '' }
    } catch (error) {
      state.value = { error: error instanceof Error ? error.message : String(error) }
    }
  }
  return h(
    'form',
    {
      class: 'follow',
      onSubmit: (event: Event) => {
        event.preventDefault()
        void follow()
      },
    },
    [
      h(
        'select',
        {
          'aria-label': translate('Node'),
          value: node.value,
          onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
            (node.value = currentTarget.value),
        },
        nodes.value.map((name) => h('option', { key: name, value: name }, name)),
      ),
      h('input', {
        type: 'text',
        value: line.value,
        spellcheck: false,
        'aria-label': translate('A ping or a curl'),
        onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
          (line.value = currentTarget.value),
      }),
      h(Button, {
        onClick: () => void follow(),
        disabled: state.value === 'asking',
        children: state.value === 'asking' ? translate('Following …') : translate('Follow it'),
      }),
      typeof state.value === 'object' &&
        h('p', { class: 'fail', role: 'alert' }, state.value.error),
    ],
  )
}

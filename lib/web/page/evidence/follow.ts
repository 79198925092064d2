// Lets the learner follow the packets of any ping or curl: a node, a line and a button.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { Button } from '../elements.ts'
import { follow } from '../packet-actions.ts'
import { translate } from '../text.ts'
import { nodes } from './tabs.ts'

export function FollowForm(): ComponentChild {
  const node = useSignal('host')
  const line = useSignal('ping -c 1 -W 0.5 198.51.100.1')
  const isAsking = useSignal(false)
  const start = async () => {
    isAsking.value = true
    await follow({ kind: 'follow', node: node.value, line: line.value })
    isAsking.value = false
  }
  return h(
    'form',
    {
      class: 'follow',
      onSubmit: (event: Event) => {
        event.preventDefault()
        void start()
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
        onClick: () => void start(),
        disabled: isAsking.value,
        children: isAsking.value ? translate('Following …') : translate('Follow it'),
      }),
    ],
  )
}

// Shows the action bar: what the learner can do next, always at the same place, with one primary button.
import { h, type ComponentChild } from 'preact'
import { Button, classes, Icon } from '../elements.ts'
import { useKeys } from '../keys.ts'
import { ended, isBusy, looksBack, source, subject } from '../store.ts'
import { narrow, translate } from '../text.ts'
import { fixActions } from './fix.ts'
import { freeActions } from './free.ts'
import { actionsNow, stepBack, stepForward } from './turns.ts'

export function Actions(): ComponentChild {
  const isFix = subject.value?.kind === 'broken' && !looksBack.value
  const waits = isBusy.value && !looksBack.value
  const isFree = subject.value?.kind === 'free' && !looksBack.value
  const actions = isFix ? fixActions() : isFree ? freeActions() : actionsNow()
  const keys = actions.map(({ hotkey, run, disabled }, index) => [
    index === 0 ? 'Enter' : hotkey,
    disabled === true || waits ? undefined : run,
  ])
  useKeys({
    ArrowLeft: stepBack,
    ArrowRight: stepForward,
    ...Object.fromEntries(keys.filter(([key]) => key !== undefined)),
    ...(actions[0]?.hotkey === undefined || waits ? {} : { [actions[0].hotkey]: actions[0].run }),
  })
  // On a phone, the bar below has back and next.
  const isInTimeBar = narrow.value && source.value === 'recording' && actions.length < 2
  if (isInTimeBar || ended.value) return null
  return h(
    'div',
    {
      class: classes('actions', waits && 'waits'),
      'aria-busy': waits,
      role: 'toolbar',
      'aria-label': translate('Actions'),
    },
    [
      actions.map(({ label, hotkey, run, disabled, isPacket }, index) =>
        h(Button, {
          key: label,
          primary: index === 0,
          onClick: run,
          disabled: disabled === true || waits,
          hotkey: hotkey ?? (index === 0 ? '⏎' : undefined),
          children: isPacket ? [h(Icon, { name: 'envelope' }), label] : label,
        }),
      ),
    ],
  )
}

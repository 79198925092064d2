// Shows one command of a lesson with its state; what it printed, why it is there and its goal unfold below it.
import { followWithout } from '../packet-actions.ts'
import { useSignal, type Signal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { ask } from '../connection.ts'
import { classes, Command, Icon, Link } from '../elements.ts'
import type { CommandRow } from '../model.ts'
import { goal, looksBack, missedBy, notice, shown, source, turn } from '../store.ts'
import { translate } from '../text.ts'

export function CommandView({
  row,
  isCurrent,
}: {
  row: CommandRow
  isCurrent: boolean
}): ComponentChild {
  const state = stateOf(row)
  const asks = useSignal(false)
  const change = shown.value.changedBy
  const isNewest =
    change?.kind === 'command' && change.number === row.number && shown.value.changes.length > 0
  return h(
    'li',
    {
      class: classes(
        'command-row',
        `is-${state}`,
        isCurrent && (state === 'next' || looksBack.value) && 'current',
        isNewest && !looksBack.value && 'changed-row',
      ),
      ...(isCurrent ? { 'aria-current': 'step' as const } : {}),
    },
    [
      canAskWhy(row, state)
        ? h(WhyButton, { number: row.number, isOpen: asks })
        : h('span', { class: 'number' }, row.number ?? ''),
      h('div', { class: 'said-line' }, [
        h('span', { class: 'words' }, [
          h('code', { class: 'prompt' }, `${row.node}$ `),
          h(Command, { line: row.line }),
        ]),
        h('span', { class: 'state' }, stateText(state, row)),
      ]),
      state === 'other-way' &&
        h('p', { class: 'below' }, translate('You got there in another way: its goal is reached.')),
      state === 'failed' && h('pre', { class: 'below' }, lastLines(row.output)),
      row.number === null &&
        row.output !== '' &&
        h('pre', { class: 'below output' }, lastLines(row.output, 8)),
      isCurrent && state === 'next' && h(Goal, { number: row.number }),
      row.number !== null && (isNewest || asks.value) && h(Why, { number: row.number }),
    ],
  )
}

/** A command whose work is done, where somebody can answer. */
function canAskWhy({ number }: CommandRow, state: CommandRow['state']): boolean {
  return (
    number !== null &&
    ['run', 'typed', 'other-way'].includes(state) &&
    (source.value === 'live' || missedBy.value.has(number))
  )
}

/** The number of a command opens the question why the command is there: finished commands are one line. */
function WhyButton({
  number,
  isOpen,
}: {
  number: number | null
  isOpen: Signal<boolean>
}): ComponentChild {
  return h(
    'button',
    {
      type: 'button',
      class: 'number',
      title: translate('Why is this line here?'),
      'aria-label': `${number}: ${translate('Why is this line here?')}`,
      'aria-expanded': isOpen.value,
      onClick: () => (isOpen.value = !isOpen.value),
    },
    number,
  )
}

function stateOf(row: CommandRow): CommandRow['state'] {
  const now = turn.value
  if (
    now?.kind === 'command' &&
    now.command === row.number &&
    !looksBack.value &&
    row.state === 'later'
  )
    return 'next'
  return row.state
}

function stateText(state: CommandRow['state'], { exitCode }: CommandRow): ComponentChild {
  const ok = h('span', { class: 'ok' }, '✓')
  switch (state) {
    case 'next':
      return translate('next')
    case 'running':
      return translate('running …')
    case 'run':
      return [translate('run'), ' ', ok]
    case 'typed':
      return [h(Icon, { name: 'keyboard' }), ' ', translate('typed by you'), ' ', ok]
    case 'other-way':
      return [translate('other way'), ' ', ok]
    case 'skipped':
      return translate('skipped')
    case 'failed':
      return [
        h('span', { class: 'fail' }, '✗'),
        ' ',
        translate('exit {code}', { code: exitCode ?? '?' }),
      ]
    default:
      return looksBack.value ? translate('later') : null
  }
}

/** What is still missing, while the learner types the command by hand: it is judged after each change. */
function Goal({ number }: { number: number | null }): ComponentChild {
  const now = goal.value
  if (!now || now.command !== number || !now.isShown) return null
  const isReached = now.missing.length === 0
  return h('ul', { class: 'goal below', 'aria-live': 'polite' }, [
    isReached && h('li', { class: 'ok' }, `✓ ${translate('The goal is reached.')}`),
    now.missing.map(({ text, isMistake }) =>
      h(
        'li',
        { class: classes(isMistake && 'fail') },
        `${isMistake ? '✗' : '○'} ${translate(text)}`,
      ),
    ),
  ])
}

/** Which checks fail without this command: asked only on demand, since it plays the lesson again. */
function Why({ number }: { number: number }): ComponentChild {
  const missing = missedBy.value.get(number)
  const isOpen = useSignal(false)
  if (missing === undefined) {
    if (source.value === 'recording') return null
    return h(
      'div',
      { class: 'below why' },
      h(Link, { onClick: () => askWhy(number), children: translate('Why is this line here?') }),
    )
  }
  if (missing === 'asked')
    return h(
      'p',
      { class: 'below third', role: 'status' },
      translate('Playing the lesson without it …'),
    )
  const count = missing.length
  return h('div', { class: 'below why' }, [
    h(Link, {
      onClick: () => (isOpen.value = !isOpen.value),
      children: translate('Why is this line here?'),
    }),
    h(
      'span',
      { class: 'third' },
      count === 1
        ? translate('1 check fails without it')
        : translate('{count} checks fail without it', { count }),
    ),
    isOpen.value &&
      h(
        'ul',
        {},
        missing.map(({ check, statement, observed, sends }) =>
          h('li', {}, [
            h('span', { class: 'fail' }, '✗ '),
            translate(statement),
            h('br', {}),
            h('code', { class: 'third' }, `→ ${translate(observed)}`),
            source.value === 'live' &&
              sends && [
                ' ',
                h(Link, {
                  onClick: () => void followWithout(number, check),
                  children: translate('Follow it'),
                }),
              ],
          ]),
        ),
      ),
  ])
}

function askWhy(command: number): void {
  const set = (value: 'asked' | null) => {
    const next = new Map(missedBy.value)
    if (value === null) next.delete(command)
    else next.set(command, value)
    missedBy.value = next
  }
  set('asked')
  ask({ kind: 'why', command }).catch((error: Error) => {
    set(null)
    notice.value = error.message
  })
}

function lastLines(text: string, most = 4): string {
  const lines = text.trimEnd().split('\n')
  return lines.length > most ? [...lines.slice(0, most), '…'].join('\n') : lines.join('\n')
}

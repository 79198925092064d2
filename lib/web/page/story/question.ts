// Shows one check: a line when it is done, or the question with its answers and the kernel's verdict while the reader is at it.
import { useSignal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import type { Message } from '../../../language/message.ts'
import { classes, Command } from '../elements.ts'
import { useKeys } from '../keys.ts'
import type { CheckRow, Question } from '../model.ts'
import { answers, looksBack, shown, turn } from '../store.ts'
import { letters, translate } from '../text.ts'
import { chosen } from './chosen.ts'
import { goOn } from './turns.ts'

export function CheckView({
  row,
  isCurrent,
}: {
  row: CheckRow
  isCurrent: boolean
}): ComponentChild {
  if (isCurrent && row.state !== 'later') return h('li', { class: 'card-row' }, h(Card, { row }))
  return h('li', { class: classes('check-row', row.state === 'later' && 'is-later') }, [
    h('span', { class: 'grow' }, translate(row.statement) || h(Command, { line: row.line })),
    h('span', { class: 'state' }, stateText(row, isRight(row))),
  ])
}

/** Live, the answer is in the stream; a reader's is in the page. */
function guessOf({ number, guess }: CheckRow): string | null {
  return guess ?? answers.value.get(number) ?? null
}

/** Null if nothing was guessed, or if no guess counts. */
function isRight(row: CheckRow): boolean | null {
  const guess = guessOf(row)
  return guess === null || row.truth === null ? null : guess === row.truth
}

function stateText(row: CheckRow, right: boolean | null): ComponentChild {
  if (row.state === 'later') return looksBack.value ? translate('later') : null
  if (row.state !== 'judged') return null
  if (row.holds !== true)
    return [h('span', { class: 'fail' }, '✗'), ' ', translate('does not hold')]
  const ok = h('span', { class: 'ok' }, '✓')
  return right === true ? [ok, ' ', translate('foreseen')] : ok
}

function Card({ row }: { row: CheckRow }): ComponentChild {
  const { question } = row
  const isOpen = row.state === 'asked'
  return h('article', { class: 'card current', 'aria-labelledby': `question-${row.number}` }, [
    h('h3', { id: `question-${row.number}` }, translate(question?.text ?? row.statement)),
    h('p', { class: 'asked' }, [
      h('code', { class: 'prompt' }, `${row.node}$ `),
      h(Command, { line: row.line }),
    ]),
    question && (isOpen ? h(Options, { row, question }) : h(Answered, { row, question })),
    row.state === 'checking' &&
      h('p', { class: 'third', role: 'status' }, translate('The kernel is asked …')),
    row.state === 'judged' && h(Verdict, { row }),
  ])
}

function Options({ row, question }: { row: CheckRow; question: Question }): ComponentChild {
  const choose = (value: string) => (chosen.value = { check: row.number, value })
  useKeys(
    Object.fromEntries(
      question.options.map(({ value }, index) => [String(index + 1), () => choose(value)]),
    ),
  )
  const picked = chosen.value?.check === row.number ? chosen.value.value : null
  return h('fieldset', { class: 'options' }, [
    h('legend', { class: 'unseen' }, translate('What do you expect?')),
    question.options.map(({ value, label }, index) =>
      h('label', { key: value, class: classes(picked === value && 'picked') }, [
        h('input', {
          type: 'radio',
          name: `check-${row.number}`,
          value,
          checked: picked === value,
          onChange: () => choose(value),
          onKeyDown: (event: KeyboardEvent) => event.key === 'Enter' && goOn(),
        }),
        h('span', { class: 'grow' }, translate(label)),
        letters.value && h('kbd', { 'aria-hidden': true }, String(index + 1)),
      ]),
    ),
  ])
}

/** Only the reader's answer and the kernel's stay. */
function Answered({ row, question }: { row: CheckRow; question: Question }): ComponentChild {
  const isWhole = useSignal(false)
  const { truth } = row
  const guess = guessOf(row)
  const stays = question.options.filter(
    ({ value }) => isWhole.value || value === guess || (value === truth && row.state === 'judged'),
  )
  const others = question.options.length - stays.length
  return h('ul', { class: 'options answered' }, [
    stays.map(({ value, label }) =>
      h('li', { key: value }, [
        h('i', { class: classes('radio', value === guess && 'on'), 'aria-hidden': true }),
        h('span', { class: 'grow' }, translate(label)),
        h('span', { class: 'state' }, noteOf(value, guess, truth)),
      ]),
    ),
    others > 0 &&
      h('li', {}, [
        h(
          'button',
          { type: 'button', class: 'others', onClick: () => (isWhole.value = true) },
          others === 1
            ? translate('1 other answer ▸')
            : translate('{count} other answers ▸', { count: others }),
        ),
      ]),
  ])
}

function noteOf(value: string, guess: string | null, truth: string | null): ComponentChild {
  if (value === guess && value === truth)
    return h('span', { class: 'ok' }, ['✓ ', translate('your guess')])
  if (value === truth) return h('span', { class: 'ok' }, ['✓ ', translate('so it is')])
  return value === guess ? translate('your guess') : null
}

/** Red is for the network: a wrong guess stays grey. */
function Verdict({ row }: { row: CheckRow }): ComponentChild {
  const right = isRight(row)
  const observed = row.observed ?? { text: '', key: '', values: {} }
  const kind = row.holds !== true ? 'fails' : right === true ? 'right' : 'plain'
  return h('div', { class: `verdict ${kind}`, role: 'status' }, [
    h('p', { class: 'said' }, headline(kind, right, observed)),
    row.holds === true && row.why !== null && h('p', {}, translate(row.why)),
    row.holds !== true && h(Differs, { number: row.number }),
    h(Evidence, {}),
  ])
}

function headline(kind: string, right: boolean | null, observed: Message): ComponentChild {
  const text = translate(observed)
  if (kind === 'fails')
    return [
      h('span', { class: 'fail' }, '✗ '),
      translate('The check does not hold: {observed}', { observed: text }),
    ]
  if (right === true)
    return [h('span', { class: 'ok' }, '✓ '), translate('Right: {observed}', { observed: text })]
  return right === false ? translate('Not so: {observed}', { observed: text }) : text
}

function Differs({ number }: { number: number }): ComponentChild {
  const now = turn.value
  if (now?.kind !== 'verdict' || now.check !== number || now.differs.length === 0)
    return h('p', {}, translate('The network is not in the state that the scenario needs.'))
  return [
    h('p', {}, translate('The network differs from the one that the scenario has made:')),
    h(
      'ul',
      {},
      now.differs.map(({ text }) => h('li', {}, translate(text))),
    ),
  ]
}

/** One line of the kernel that proves it: a rule that counted, a connection, a neighbour. */
function Evidence(): ComponentChild {
  const { traffic, changedBy, compared } = shown.value
  if (compared || changedBy?.kind !== 'check') return null
  const line = traffic.find(({ text }) => text.includes('#')) ?? traffic[0]
  return line ? h('code', { class: 'proof' }, `${line.node}: ${translate(line)}`) : null
}

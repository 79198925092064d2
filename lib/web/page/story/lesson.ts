// Shows one step of a lesson: its text, then its commands and checks as far as the reader can see them; finished things are one line.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { classes, Command, Prose } from '../elements.ts'
import {
  at,
  endingIsShown,
  hints,
  looksBack,
  markAt,
  marks,
  shown,
  source,
  story,
  storyNow,
  turn,
} from '../store.ts'
import type { Row, Step } from '../model.ts'
import { translate } from '../text.ts'
import { CommandView } from './command.ts'
import { CheckView } from './question.ts'

export function LessonStory(): ComponentChild {
  const { value: now } = story
  const isRead = endingIsShown.value && markAt.value === marks.value.length - 1
  if ((turn.value?.kind === 'finished' && !looksBack.value) || isRead) return h(Ending, {})
  const step = now.steps.find(({ number }) => number === Math.max(1, now.step))
  if (!step) return h(About, {})
  return [markAt.value < 0 && h(About, {}), h(StepView, { step, key: step.number })]
}

function About(): ComponentChild {
  const { title, about } = story.value
  return h('section', { class: 'heading' }, [
    h('h1', {}, translate(title)),
    h(Prose, { text: translate(about) }),
  ])
}

function StepView({ step }: { step: Step }): ComponentChild {
  const { value: now } = story
  const rows = visible(step.rows)
  const current = currentRow(rows)
  const seen = useRef<HTMLElement>(null)
  // When a verdict comes, the story scrolls until all of it is seen.
  const sign =
    current &&
    `${rows.indexOf(current)} ${'state' in current ? current.state : ''} ${shown.value.traffic.length > 0}`
  useEffect(() => {
    const element = seen.current?.querySelector('.current, .card')
    element?.scrollIntoView({ block: 'nearest' })
  }, [sign, step.number])
  return h('section', { class: 'step', ref: seen }, [
    h('div', { class: 'heading' }, [
      h('div', { class: 'meta' }, [
        h(
          'span',
          {},
          translate('Step {step} of {steps}', { step: step.number, steps: now.steps.length }),
        ),
        h(
          'span',
          { class: 'dashes', 'aria-hidden': true },
          now.steps.map(({ number }) => h('i', { class: dashOf(number, step.number) })),
        ),
        h('span', { class: 'grow' }),
        h(Goals, { step }),
      ]),
      h('h1', {}, translate(step.title)),
      h(Prose, { text: translate(step.text) }),
    ]),
    h(
      'ol',
      { class: 'rows' },
      rows.map((row, index) => h(RowView, { row, isCurrent: row === current, key: index })),
    ),
    h(Hints, {}),
    looksBack.value && h('p', { class: 'aside' }, lookingBack()),
  ])
}

function RowView({ row, isCurrent }: { row: Row; isCurrent: boolean }): ComponentChild {
  if (row.kind === 'command') return h(CommandView, { row, isCurrent })
  if (row.kind === 'check') return h(CheckView, { row, isCurrent })
  return h(
    'li',
    { class: `text ${row.kind}` },
    row.kind === 'call' ? h('pre', {}, row.text) : translate(row.text),
  )
}

/** Live, the rows end with the next question, so that no answer shows before it. A reader who looks back sees all that came later. */
function visible(rows: readonly Row[]): readonly Row[] {
  if (looksBack.value) return rows
  const next = rows.findIndex(
    (row) => row.kind === 'check' && (row.state === 'later' || row.state === 'asked'),
  )
  if (next < 0) return rows
  const row = rows[next]
  return rows.slice(0, row?.kind === 'check' && row.state === 'asked' ? next + 1 : next)
}

/** The row that the reader is at: the newest that is not "later". */
function currentRow(rows: readonly Row[]): Row | undefined {
  const now = turn.value
  if (now?.kind === 'command' && !looksBack.value)
    return rows.find((row) => row.kind === 'command' && row.number === now.command)
  return rows.findLast((row) => 'state' in row && row.state !== 'later')
}

function dashOf(number: number, shown: number): string {
  const { step } = (source.value === 'recording' ? story : storyNow).value
  return classes(number < shown && 'done', number === shown && (number < step ? 'done' : 'here'))
}

function Goals({ step }: { step: Step }): ComponentChild {
  const checks = step.rows.filter((row) => row.kind === 'check')
  if (checks.length === 0 || looksBack.value) return null
  const done = checks.filter(({ state }) => state === 'judged').length
  return h('span', {}, [
    translate('{done} of {all} checks', { done, all: checks.length }),
    done === checks.length && h('span', { class: 'ok' }, ' ✓'),
  ])
}

function Hints(): ComponentChild {
  if (hints.value.length === 0) return null
  const lines = hints.value.map((line) => h('li', {}, translate(line)))
  return h('ul', { class: 'hint-lines', 'aria-live': 'polite' }, lines)
}

/** "You look at the network as it was after command 20." */
function lookingBack(): string {
  const mark = marks.value.findLast(({ begins }) => begins <= at.value)
  const how = translate('Nothing was undone: it goes on as it is now.')
  if (mark?.number === undefined || mark.number === null) return how
  const number = mark.number
  const when = mark.isCheck
    ? translate('You look at the network as it was after check {number}.', { number })
    : translate('You look at the network as it was after command {number}.', { number })
  return `${when} ${how}`
}

function Ending(): ComponentChild {
  const { title, learnt } = story.value
  const { value: now } = storyNow
  const checks = now.steps.flatMap(({ rows }) => rows).filter((row) => row.kind === 'check')
  const held = checks.filter(({ holds }) => holds === true).length
  return h('section', { class: 'heading ending' }, [
    h('h1', {}, translate(title)),
    source.value === 'live' &&
      h(
        'p',
        { class: 'ok' },
        translate('✓ {held} of {all} checks hold.', { held, all: checks.length }),
      ),
    learnt && [
      h('h3', {}, translate('What you have learnt:')),
      h(
        'ul',
        {},
        learnt.learnt.map((text) => h('li', {}, translate(text))),
      ),
      h('h3', {}, translate('The same in a container engine:')),
      h(
        'ul',
        { class: 'engine' },
        learnt.engine.map((text) => h(EngineLine, { text: translate(text) })),
      ),
    ],
  ])
}

/** A command, a colon, and what it means. */
function EngineLine({ text }: { text: string }): ComponentChild {
  const [, command = '', meaning = text] = /^(.*?)[:：]\s+(.*)$/.exec(text) ?? []
  return h('li', {}, [h(Command, { line: command }), h('span', {}, meaning)])
}

// Shows a broken network: its story, what is seen, the possible causes, and the judgement of the repair. Guesses are never red.
import { signal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { BrokenTexts, Cause, Solution } from '../../moments.ts'
import type { FixState } from '../../protocol.ts'
import { openWorld, send } from '../connection.ts'
import { classes, Link, Prose } from '../elements.ts'
import { isSolved } from '../home/home.ts'
import { useKeys } from '../keys.ts'
import type { CheckRow } from '../model.ts'
import { home, source, story, subject, turn } from '../store.ts'
import { translate } from '../text.ts'
import { openPackets } from '../packets/mode.ts'
import { followCheck, packetActions } from '../packet-actions.ts'
import type { Action } from './turns.ts'

/** The cause that is chosen and not yet named. */
const picked = signal<string | null>(null)
/** The causes that the reader of a recording has named; a live lab has them in its turn. */
const read = signal<readonly string[]>([])
const solutionIsOpen = signal(false)

type Answer = FixState['symptom'][number]
type Named = Cause & { readonly right: boolean }

/** What the learner has reached, live or in a recording. */
function progress(texts: BrokenTexts) {
  const now = turn.value?.kind === 'fix' ? turn.value : null
  const ofReader = texts.causes
    .filter(({ name }) => read.value.includes(name))
    .map((cause) => Object.assign({ right: cause.name === texts.solution?.cause }, cause))
  const named: readonly Named[] = now?.named ?? ofReader
  return {
    named,
    isNamed: named.some(({ right }) => right),
    solution: now ? now.solution : solutionIsOpen.value ? texts.solution : null,
    judgement: now?.judgement ?? null,
    tries: now?.score.checks ?? 0,
    hints: now?.hints ?? 0,
    symptom: now?.symptom ?? [],
    isDone: now !== null && now.score.repaired && now.score.diagnosed,
    /** Until the network is built and broken, nothing can be judged. */
    isReady: now !== null,
  }
}

export function FixStory(): ComponentChild {
  const texts = subject.value
  if (texts?.kind !== 'broken') return null
  const now = progress(texts)
  const left = texts.hints.length - now.hints
  return h('section', { class: 'fix' }, [
    h('div', { class: 'heading' }, [
      h('div', { class: 'meta' }, [
        h(
          'span',
          {},
          `${translate('Broken network {number}', { number: texts.number })} · ${difficulty(texts.difficulty)}`,
        ),
        h('span', { class: 'grow' }),
        source.value === 'live' &&
          h('span', {}, translate('{left} of {all} hints left', { left, all: texts.hints.length })),
      ]),
      h('h1', {}, translate(texts.title)),
      h(Prose, { text: translate(texts.story) }),
    ]),
    h(Part, {
      number: 1,
      title: translate('What is seen'),
      aside:
        source.value === 'live' &&
        h(Link, {
          onClick: () => send({ type: 'symptom' }),
          children: translate('ask again'),
        }),
      children: h(Seen, {
        texts,
        answers: now.symptom,
      }),
    }),
    now.hints > 0 &&
      h(
        'ul',
        { class: 'hints', 'aria-live': 'polite' },
        texts.hints.slice(0, now.hints).map((hint) => h('li', {}, translate(hint))),
      ),
    h(Part, {
      number: 2,
      title: translate('What is the cause?'),
      aside: now.named.length > 0 && translate('answer {number}', { number: now.named.length }),
      children: h(Causes, {
        causes: texts.causes,
        named: now.named,
        isNamed: now.isNamed,
      }),
    }),
    source.value === 'live' &&
      h(Part, {
        number: 3,
        title: translate('Your repair'),
        aside: now.tries > 0 && translate('try {number}', { number: now.tries }),
        children: h(Repair, {
          texts,
          judgement: now.judgement,
        }),
      }),
    now.judgement && h(Judged, { judgement: now.judgement, isNamed: now.isNamed }),
    now.solution && h(Solved, { solution: now.solution }),
  ])
}

export function fixActions(): readonly Action[] {
  const texts = subject.value
  if (texts?.kind !== 'broken') return []
  const now = progress(texts)
  if (picked.value !== null && !now.isNamed) {
    const cause = picked.value
    return [
      { label: translate('Name this cause'), run: () => nameCause(cause) },
      { label: translate('Not yet'), run: () => (picked.value = null) },
    ]
  }
  const follow = story.value.journeys.findLast(({ journey }) => journey !== null)
  const run =
    source.value === 'live'
      ? () => void followCheck(1)
      : follow && (() => openPackets(follow, packetActions))
  const following = run ? [{ label: translate('Follow it'), hotkey: 'f', isPacket: true, run }] : []
  if (source.value === 'recording')
    return [
      {
        label: translate('Show the solution'),
        run: () => (solutionIsOpen.value = true),
        disabled: solutionIsOpen.value,
      },
      ...following,
    ]
  if (now.isDone)
    return [
      ...nextNetwork(texts.number),
      { label: translate('Home'), run: () => openWorld(null) },
      ...following,
    ]
  const hint = {
    label: translate('A hint'),
    hotkey: 'h',
    disabled: !now.isReady || now.hints >= texts.hints.length,
    run: () => send({ type: 'fix-hint' }),
  }
  if (!now.isReady)
    return [{ label: translate('Check my repair'), run: () => {}, disabled: true }, hint]
  return [
    { label: translate('Check my repair'), run: () => send({ type: 'judge' }) },
    hint,
    ...following,
  ]
}

/** The next network that is not solved; after the last one the list begins again. */
function nextNetwork(number: number): readonly Action[] {
  const broken = (home.value?.broken ?? []).map((each, index) => ({ each, number: index + 1 }))
  const next = [...broken.slice(number), ...broken.slice(0, number - 1)].find(
    ({ each }) => !isSolved(each),
  )
  if (!next) return []
  const { name } = next.each
  return [
    {
      label: translate('Next: {number}', { number: next.number }),
      run: () => openWorld({ kind: 'fix', name }),
    },
  ]
}

function nameCause(cause: string): void {
  picked.value = null
  if (source.value === 'live') send({ type: 'diagnose', cause })
  else read.value = [...read.value, cause]
}

function Part(props: {
  number: number
  title: string
  aside: ComponentChild
  children?: ComponentChild
}): ComponentChild {
  return h('section', { class: 'part' }, [
    h('header', {}, [
      h('span', { class: 'circle', 'aria-hidden': true }, String(props.number)),
      h('h2', {}, props.title),
      h('span', { class: 'third' }, props.aside),
    ]),
    props.children,
  ])
}

function Seen({
  texts,
  answers,
}: {
  texts: BrokenTexts
  answers: readonly Answer[]
}): ComponentChild {
  const rows = story.value.steps
    .flatMap(({ rows }) => rows)
    .filter((row): row is CheckRow => row.kind === 'check' && row.state === 'judged')
  // A recording asks them again after the repair: the newest answer counts.
  const newest = new Map(rows.map((row) => [row.statement, row]))
  const seen =
    answers.length > 0
      ? answers
      : texts.works.flatMap(({ statement }) => newest.get(statement) ?? [])
  if (seen.length === 0)
    return h(
      'ul',
      { class: 'answers' },
      texts.works.map(({ statement }) =>
        h('li', {}, [
          h('span', { class: 'third', 'aria-hidden': true }, '○'),
          h('span', { class: 'grow' }, translate(statement)),
          source.value === 'live' && h('span', { class: 'third' }, translate('asking …')),
        ]),
      ),
    )
  return h(
    'ul',
    { class: 'answers', 'aria-live': 'polite' },
    seen.map((answer) => h(AnswerLine, answer)),
  )
}

function AnswerLine({
  statement,
  holds,
  observed,
  node,
  line,
}: Pick<Answer, 'statement' | 'node' | 'line'> & {
  holds: boolean | null
  observed: Answer['observed'] | null
}): ComponentChild {
  return h('li', { title: `${node}$ ${line}` }, [
    h('span', { class: holds ? 'ok' : 'fail' }, holds ? '✓' : '✗'),
    h('span', { class: 'grow' }, translate(statement)),
    !holds && observed && h('span', { class: 'third observed' }, translate(observed)),
  ])
}

function Causes({
  causes,
  named,
  isNamed,
}: {
  causes: readonly Cause[]
  named: readonly Named[]
  isNamed: boolean
}): ComponentChild {
  const open = isNamed ? [] : causes.filter(({ name }) => !named.some((each) => each.name === name))
  const choose = (name: string) => (picked.value = name)
  useKeys(
    Object.fromEntries(open.map(({ name }, index) => [String(index + 1), () => choose(name)])),
  )
  return [
    h(
      'ul',
      { class: 'causes', 'aria-live': 'polite' },
      named.map(({ statement, look, right }) =>
        h('li', { class: classes(right && 'right') }, [
          h('span', { class: right ? 'ok' : 'third' }, right ? '✓' : translate('no')),
          h('div', { class: 'grow' }, [
            translate(statement),
            look &&
              h(
                'pre',
                {},
                `$ ${look.line}\n${look.output.trimEnd().split('\n').slice(0, 3).join('\n')}`,
              ),
          ]),
        ]),
      ),
    ),
    open.length > 0 &&
      h('fieldset', { class: 'options' }, [
        h('legend', { class: 'unseen' }, translate('What is the cause?')),
        open.map(({ name, statement }, index) =>
          h('label', { key: name, class: classes(picked.value === name && 'picked') }, [
            h('input', {
              type: 'radio',
              name: 'cause',
              checked: picked.value === name,
              onChange: () => choose(name),
            }),
            h('span', { class: 'grow' }, translate(statement)),
            h('kbd', { 'aria-hidden': true }, String(index + 1)),
          ]),
        ),
      ]),
  ]
}

type Judgement = { works: readonly Answer[]; unharmed: readonly Answer[]; repaired: boolean }

function Repair({
  texts,
  judgement,
}: {
  texts: BrokenTexts
  judgement: Judgement | null
}): ComponentChild {
  if (judgement)
    return h(
      'ul',
      { class: 'answers', 'aria-live': 'polite' },
      [...judgement.works, ...judgement.unharmed].map((answer) => h(AnswerLine, answer)),
    )
  return [
    h('p', { class: 'third' }, translate('Repair it in the terminals. This must hold then:')),
    h(
      'ul',
      { class: 'answers' },
      [...texts.works, ...texts.unharmed].map(({ statement }) =>
        h('li', {}, [
          h('span', { class: 'third' }, '○'),
          h('span', { class: 'grow' }, translate(statement)),
        ]),
      ),
    ),
  ]
}

function Judged({
  judgement,
  isNamed,
}: {
  judgement: Judgement
  isNamed: boolean
}): ComponentChild {
  const works = judgement.works.every(({ holds }) => holds)
  const [sign, title, text] = judgement.repaired
    ? [
        '✓',
        translate('It works, and nothing else was harmed'),
        isNamed
          ? translate('Cause and repair are right: this network is solved.')
          : translate('Now say what the cause was.'),
      ]
    : works
      ? [
          '✗',
          translate('It works, but not without harm'),
          translate('What held before your repair must still hold after it.'),
        ]
      : [
          '✗',
          translate('It does not work yet'),
          translate('The first ✗ above says what the kernel answered.'),
        ]
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'end' }), [judgement])
  return h(
    'div',
    { ref: place, class: `verdict ${judgement.repaired ? 'right' : 'fails'} wide`, role: 'status' },
    [
      h('p', { class: 'said' }, [
        h('span', { class: judgement.repaired ? 'ok' : 'fail' }, sign),
        ' ',
        title,
      ]),
      h('p', {}, text),
    ],
  )
}

function Solved({ solution }: { solution: Solution }): ComponentChild {
  return h('section', { class: 'part solution' }, [
    h('h2', {}, translate('The solution')),
    h(Prose, { text: translate(solution.explanation) }),
    h('h3', {}, translate('What broke it')),
    h('pre', {}, solution.fault),
    solution.repairs.map(({ title, commands }) => [
      h('h3', {}, translate(title)),
      h('pre', {}, commands),
    ]),
  ])
}

function difficulty(level: 1 | 2 | 3): string {
  return [translate('easy'), translate('medium'), translate('hard')][level - 1] ?? ''
}

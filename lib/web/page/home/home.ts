// Shows the way in: the road of the course with the progress, the broken networks, free worlds and recordings. One primary button says where to go on.
import { h, type ComponentChild } from 'preact'
import { useRef } from 'preact/hooks'
import { isComplete, nextStep, scoreOf } from '../../../workshop/progress.ts'
import type { Home } from '../../protocol.ts'
import { TopBar } from '../bar.ts'
import { openWorld } from '../connection.ts'
import { Button, classes, Icon } from '../elements.ts'
import { useKeys } from '../keys.ts'
import { Notices, Unreadable } from '../notices.ts'
import { openFile } from '../recording.ts'
import { ended, home, source } from '../store.ts'
import { translate } from '../text.ts'
import { Site } from './site.ts'

type Lesson = Home['lessons'][number] & { readonly steps?: number; readonly checks?: number }

export function HomeView(): ComponentChild {
  const { value: now } = home
  return h('div', { class: 'home-page' }, [
    h(TopBar, {}),
    h(Notices, {}),
    h(
      'main',
      { class: 'home' },
      globalThis.netdojoSite ? h(Site, {}) : now ? h(Ready, { now }) : h(Waiting, {}),
    ),
  ])
}

function Waiting(): ComponentChild {
  if (source.value === 'none' || ended.value)
    return h('section', { class: 'panel-card' }, [
      h('h2', {}, translate('Recordings')),
      h('p', {}, translate('No lab runs behind this page. A recording can be read without one.')),
      h(FileButton, {}),
    ])
  return h('p', { class: 'empty', role: 'status' }, translate('Connecting with the lab …'))
}

function Ready({ now }: { now: Home }): ComponentChild {
  const current = usual(now.lessons)
  const go = () => current && openLesson(current.name)
  useKeys({ Enter: () => go() })
  const complete = now.lessons.filter(({ progress }) => progress && isComplete(progress)).length
  const scores = now.lessons.flatMap(({ progress }) => (progress ? [scoreOf(progress)] : []))
  const [right, asked] = [
    sum(scores.map((score) => score.right)),
    sum(scores.map((score) => score.asked)),
  ]
  return [
    h('section', { class: 'panel-card course' }, [
      h('header', {}, [
        h('h1', {}, translate('The course')),
        h('span', { class: 'third' }, [
          translate('{done} of {all} done', { done: complete, all: now.lessons.length }),
          asked > 0 && ` · ${translate('{right} of {asked} answers foreseen', { right, asked })}`,
        ]),
      ]),
      h(
        'ol',
        { class: 'road' },
        now.lessons.map((lesson, index) => {
          const isAfter = bothDone(now.lessons[index - 1], lesson)
          const isBefore = bothDone(lesson, now.lessons[index + 1])
          const line = classes(isAfter && 'after-done', isBefore && 'before-done')
          return [
            lesson.chapter !== null &&
              h(
                'li',
                {
                  class: classes('chapter', isAfter && 'after-done before-done'),
                  key: lesson.chapter,
                },
                translate(lesson.chapter),
              ),
            h(LessonRow, { lesson, line, isCurrent: lesson === current, key: lesson.name }),
          ]
        }),
      ),
    ]),
    h('div', { class: 'aside-column' }, [
      h(Broken, { now }),
      h(Worlds, { now }),
      h(Recordings, {}),
    ]),
    h(
      'p',
      { class: 'foot third' },
      translate(
        'Everything runs on this machine, as you, without root, and nothing is sent anywhere. Your progress is that of the workshop.',
      ),
    ),
  ]
}

/** The line between two lessons is that of a way that was gone. */
function bothDone(...lessons: readonly (Lesson | undefined)[]): boolean {
  return lessons.every((lesson) => lesson?.progress && isComplete(lesson.progress))
}

function LessonRow({
  lesson,
  line,
  isCurrent,
}: {
  lesson: Lesson
  /** The classes of the line above and below. */
  line: string
  isCurrent: boolean
}): ComponentChild {
  const { name, title, progress } = lesson
  const state = progress === null ? 'new' : isComplete(progress) ? 'done' : 'begun'
  const label =
    isCurrent && state === 'begun'
      ? translate('Go on')
      : state === 'done'
        ? translate('Again')
        : state === 'begun'
          ? translate('Go on')
          : translate('Begin')
  const run = () => openLesson(name)
  return h('li', { class: classes('lesson', state, line, isCurrent && 'current') }, [
    h(
      'span',
      { class: 'stop', 'aria-hidden': true },
      state === 'done' ? '✓' : isCurrent ? h(Icon, { name: 'envelope', size: 13 }) : '',
    ),
    h('div', { class: 'name' }, [
      h('strong', { class: 'mono' }, name),
      h('span', {}, translate(title)),
    ]),
    h(Dashes, { lesson }),
    h('span', { class: 'third foreseen' }, foreseen(lesson)),
    isCurrent
      ? h(Button, { primary: true, onClick: run, children: label, label: `${label}: ${name}` })
      : h(
          'button',
          {
            type: 'button',
            class: classes('go', state !== 'done' && 'new'),
            onClick: run,
            'aria-label': `${label}: ${name}`,
          },
          label,
        ),
  ])
}

function Dashes({ lesson: { progress, steps } }: { lesson: Lesson }): ComponentChild {
  const all = progress?.steps ?? steps ?? 0
  const isDone = progress !== null && isComplete(progress)
  const next = progress ? nextStep(progress) : 0
  const stateOf = (step: number) =>
    isDone || progress?.done.includes(step) ? 'done' : step === next ? 'here' : ''
  return h(
    'span',
    { class: 'dashes', 'aria-hidden': true },
    Array.from({ length: all }, (_, index) => h('i', { class: stateOf(index + 1) })),
  )
}

function foreseen({ progress, checks }: Lesson): string {
  const { right, asked } = progress ? scoreOf(progress) : { right: 0, asked: 0 }
  return asked > 0
    ? translate('{right} of {asked} foreseen', { right, asked })
    : checks === undefined
      ? ''
      : translate('{count} checks', { count: checks })
}

export function isSolved({ score }: Home['broken'][number]): boolean {
  return score !== null && score.repaired && score.diagnosed && !score.told
}

function Broken({ now: { broken } }: { now: Home }): ComponentChild {
  const open = broken.filter((each) => !isSolved(each))
  const begun = open.find(({ score }) => score !== null) ?? open[0]
  const levels = [translate('easy'), translate('medium'), translate('hard')]
  const start = (name: string) => openWorld({ kind: 'fix', name })
  const any = () => {
    const chosen = open[Math.floor(Math.random() * open.length)] ?? broken[0]
    if (chosen) start(chosen.name)
  }
  return h('section', { class: 'panel-card' }, [
    h('header', {}, [
      h('h2', {}, translate('Broken networks')),
      h(
        'span',
        { class: 'third' },
        translate('{done} of {all} solved', {
          done: broken.length - open.length,
          all: broken.length,
        }),
      ),
    ]),
    h(
      'p',
      { class: 'third' },
      translate('One fault each. Find it, say what it is, and repair it without harm.'),
    ),
    levels.map((level, index) =>
      h('div', { class: 'level', key: level }, [
        h('span', { class: 'third' }, level),
        h(
          'div',
          { class: 'numbers' },
          broken.flatMap((each, position) =>
            each.difficulty !== index + 1
              ? []
              : [
                  h(
                    'button',
                    {
                      type: 'button',
                      key: each.name,
                      class: classes(
                        'number',
                        isSolved(each) && 'solved',
                        each === begun && 'begun',
                      ),
                      onClick: () => start(each.name),
                      title: translate(each.title),
                      'aria-label': `${position + 1}: ${translate(each.title)}`,
                    },
                    [String(position + 1), isSolved(each) && h('span', {}, '✓')],
                  ),
                ],
          ),
        ),
      ]),
    ),
    h('div', { class: 'buttons' }, [
      begun &&
        h(Button, {
          onClick: () => start(begun.name),
          children: begun.score
            ? translate('Go on with {name}', { name: broken.indexOf(begun) + 1 })
            : translate('Begin with {name}', { name: broken.indexOf(begun) + 1 }),
        }),
      h(Button, { quiet: true, onClick: any, children: translate('Any that is open') }),
    ]),
  ])
}

function Worlds({ now: { worlds } }: { now: Home }): ComponentChild {
  return h('section', { class: 'panel-card' }, [
    h('h2', {}, translate('A free world')),
    h('p', { class: 'third' }, translate('A host and the Internet, without questions.')),
    h(
      'ul',
      { class: 'files' },
      worlds.map(({ name, lines }) =>
        h('li', { key: name }, [
          h('code', {}, name),
          h('span', { class: 'third grow' }, translate('saved, {count} lines', { count: lines })),
          h(
            'button',
            {
              type: 'button',
              class: 'link',
              onClick: () => openWorld({ kind: 'free', world: name }),
            },
            translate('open'),
          ),
        ]),
      ),
    ),
    h(
      'div',
      { class: 'buttons' },
      h(Button, {
        onClick: () => openWorld({ kind: 'free', world: null }),
        children: translate('New world'),
      }),
    ),
  ])
}

function Recordings(): ComponentChild {
  return h('section', { class: 'panel-card' }, [
    h('h2', {}, translate('Recordings')),
    h(
      'p',
      { class: 'third' },
      translate('A whole run in one file, made by: npm run scenario NAME -- --record FILE'),
    ),
    h(Unreadable, {}),
    h('div', { class: 'buttons' }, h(FileButton, {})),
  ])
}

function FileButton(): ComponentChild {
  const input = useRef<HTMLInputElement>(null)
  const read = () => {
    const file = input.current?.files?.[0]
    if (file) void openFile(file)
  }
  return [
    h(Button, { onClick: () => input.current?.click(), children: translate('Open a file …') }),
    h('input', {
      ref: input,
      type: 'file',
      accept: '.json',
      hidden: true,
      onChange: read,
      'aria-label': translate('Open a file …'),
    }),
  ]
}

/** The lesson that was begun, or else the first that is not. */
function usual(lessons: readonly Lesson[]): Lesson | undefined {
  return (
    lessons.find(({ progress }) => progress && !isComplete(progress)) ??
    lessons.find(({ progress }) => progress === null) ??
    lessons[0]
  )
}

function openLesson(name: string): void {
  openWorld({ kind: 'lesson', name, from: null, dialect: 'ip' })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}

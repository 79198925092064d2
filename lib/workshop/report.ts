// Makes the report for an instructor from the learner's progress, as a value and as a page, in the order of the course.
import type { Translate } from '../language/translate.ts'
import { displayWidth } from '../language/wrap.ts'
import {
  isComplete,
  scoreOf,
  totalScore,
  type Guess,
  type Progress,
  type Score,
} from './progress.ts'

export const reportVersion = 1

export type Report = {
  readonly version: typeof reportVersion
  readonly learner: string
  readonly written: string
  readonly score: Score
  readonly scenarios: readonly ReportLine[]
}

export type ReportLine = {
  readonly name: string
  readonly title: string
  readonly state: 'not started' | 'started' | 'finished'
  readonly stepsDone: number
  readonly steps: number | null
  readonly score: Score
  readonly stepsByHand: readonly number[]
  readonly hints: number
  readonly minutes: number
  readonly guesses: readonly (Guess & { readonly check: number })[]
}

export type Course = readonly { readonly name: string; readonly title: string }[]

export function reportOf(
  progress: Progress,
  course: Course,
  about: { readonly learner: string; readonly written: string },
): Report {
  return {
    version: reportVersion,
    ...about,
    score: totalScore(progress),
    scenarios: course.map(({ name, title }) => lineOf(name, title, progress)),
  }
}

function lineOf(name: string, title: string, progress: Progress): ReportLine {
  const own = progress.scenarios[name]
  const guesses = Object.entries(own?.guesses ?? {})
    .map(([check, guess]) => Object.assign({ check: Number(check) }, guess))
    .toSorted((a, b) => a.check - b.check)
  return {
    name,
    title,
    state: !own ? 'not started' : isComplete(own) ? 'finished' : 'started',
    stepsDone: own?.done.length ?? 0,
    steps: own?.steps ?? null,
    score: scoreOf({ guesses: own?.guesses ?? {} }),
    stepsByHand: own?.byHand ?? [],
    hints: own?.hints ?? 0,
    minutes: Math.round((own?.seconds ?? 0) / 6) / 10,
    guesses,
  }
}

/** A page in Markdown. */
export function reportPage(report: Report, translate: Translate): string {
  const { right, asked } = report.score
  const wrong = report.scenarios.flatMap(({ name, guesses }) =>
    guesses.filter((guess) => !guess.right).map((guess) => ({ name, guess })),
  )
  return [
    `# ${translate('Workshop report: {learner}', { learner: report.learner })}`,
    '',
    `${report.written}. ${translate('{right} of {asked} predictions were right.', { right, asked })}`,
    '',
    ...table([
      [
        translate('scenario'),
        translate('state'),
        translate('steps'),
        translate('right'),
        translate('by hand, in steps'),
        translate('hints'),
        translate('minutes'),
      ],
      ...report.scenarios.map((line) => [
        line.name,
        translate(line.state),
        `${line.stepsDone}/${line.steps ?? '?'}`,
        `${line.score.right}/${line.score.asked}`,
        line.stepsByHand.join(', '),
        String(line.hints),
        line.minutes.toFixed(1),
      ]),
    ]),
    ...(wrong.length === 0
      ? []
      : [
          '',
          `## ${translate('Wrong predictions')}`,
          '',
          ...wrong.map(
            ({ name, guess }) =>
              `- ${name}, \`${guess.node}$ ${guess.line}\`: ${translate('predicted: {guess}; observed: {truth}', { guess: guess.guess, truth: guess.truth })}`,
          ),
        ]),
    '',
  ].join('\n')
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => displayWidth(row[column] ?? ''))),
  )
  const padded = (text: string, column: number) =>
    text + ' '.repeat((widths[column] ?? 0) - displayWidth(text))
  const [head, ...body] = rows.map((row) => `| ${row.map(padded).join(' | ')} |`)
  return [head ?? '', `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body]
}

// How a broken network is shown: at most 80 columns, complete without colour, and without pictures and signs where they are not wanted.
import { Chalk, type ChalkInstance } from 'chalk'
import type { BrokenNetwork } from '../../../fix/broken.ts'
import type { Answer } from '../../../fix/judge.ts'
import { type Say, sayer } from '../../../fix/say.ts'
import { type Score, solved } from '../../../fix/score.ts'
import type { Translate } from '../../../language/translate.ts'
import { wrapped } from '../../../language/wrap.ts'
import { numberOf } from '../catalogue.ts'

export type Style = {
  readonly color: boolean
  /** For a screen reader. */
  readonly plain: boolean
  readonly columns: number
}

export type Page = {
  readonly say: Say
  readonly translate: Translate
  readonly chalk: ChalkInstance
  /** A line of output, or none: an empty one. */
  readonly line: (text?: string) => void
  /** Paragraphs that fit, with that margin, and the lines after the first so much further in. */
  readonly prose: (text: string, margin?: number, hanging?: number) => void
  readonly title: (text: string) => void
  readonly picture: (text: string) => void
  readonly commands: (lines: string) => void
  readonly answer: (answer: Answer) => void
  /** A command, and what came of it. */
  readonly seen: (answer: Pick<Answer, 'node' | 'line' | 'observed'>) => void
  /** A sentence that says itself whether it is good; the sign is for the eye. */
  readonly verdict: (good: boolean, text: string) => void
  readonly write: (text: string) => void
}

const widest = 80

export function page(
  translate: Translate,
  { color, plain, columns }: Style,
  write: (text: string) => void,
): Page {
  const say = sayer(translate)
  const chalk = new Chalk({ level: color && !plain ? 1 : 0 })
  const width = Math.min(columns, widest)
  const line = (text = '') => write(`${text}\n`)
  const prose = (text: string, margin = 2, hanging = 0) => {
    for (const paragraph of text.split('\n'))
      for (const row of wrapped(paragraph, width - margin, hanging).split('\n'))
        line(row === '' ? '' : ' '.repeat(margin) + row)
  }
  const mark = (good: boolean) => {
    if (plain) return `${say(good ? 'holds' : 'fails')}:`
    return good ? chalk.green('✓') : chalk.red('✗')
  }
  const seen: Page['seen'] = ({ node, line: command, observed: evidence }) => {
    line(`    ${chalk.dim(`${node}$ ${command}`)}`)
    line(`    ${plain ? '' : '→ '}${translate(evidence)}`)
  }
  return {
    say,
    translate,
    chalk,
    line,
    prose,
    write,
    title: (text) => {
      line()
      prose(chalk.bold(text), 0)
      line()
    },
    picture: (text) => {
      if (plain) return
      for (const row of text.split('\n')) line(chalk.dim(`  ${row}`))
      line()
    },
    commands: (lines) => {
      for (const row of lines.split('\n')) line(`    ${chalk.bold(row)}`)
    },
    seen,
    answer: (answer) => {
      prose(`${mark(answer.holds)} ${translate(answer.statement)}`, 2, 2)
      seen(answer)
    },
    verdict: (good, text) =>
      plain ? prose(text, 0) : prose(`${mark(good)} ${good ? chalk.green(text) : text}`, 0, 2),
  }
}

export function solution(page: Page, broken: BrokenNetwork): void {
  const { say, translate } = page
  page.title(say('theCause', { cause: translate(broken.cause.statement) }))
  page.prose(translate(broken.explanation))
  page.title(say('theFault'))
  page.commands(broken.fault)
  page.title(say('theSolutions'))
  for (const { title, commands } of broken.solutions) {
    page.prose(translate(title))
    page.commands(commands)
  }
  page.title(say('notSo'))
  for (const { title, commands } of broken.destructive) {
    page.prose(translate(title))
    page.commands(commands)
  }
  page.line()
}

/** The grade, in four lines. */
export function grade(page: Page, broken: BrokenNetwork, score: Score): void {
  const { say } = page
  const { repaired, diagnosed, told, answers, checks, hints } = score
  page.line()
  const done = repaired && diagnosed
  page.verdict(solved(score), say(done && told ? 'scoreTold' : done ? 'scoreSolved' : 'scoreOpen'))
  page.prose(say(repaired ? 'scoreRepairYes' : 'scoreRepairNo', { checks }))
  page.prose(say(diagnosed ? 'scoreCauseYes' : 'scoreCauseNo', { answers }))
  page.prose(say('scoreHints', { hints, all: broken.hints.length }))
  if (!solved(score)) page.prose(say('again', { number: numberOf(broken) }))
}

// What is shown at the end: the cause, the command that broke it, every way to repair it, the ways that harm, and why it was so.
import type { BrokenNetwork } from '../../fix/broken.ts'
import { solved, type Score } from '../../fix/score.ts'
import { numberOf } from './catalogue.ts'
import type { Page } from './page.ts'

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

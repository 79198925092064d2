// Writes the texts that only `npm run fix` has: the commands to type, the solution and the grade.
import type { BrokenNetwork, Nodes } from '../../../fix/broken.ts'
import { type Score, solved } from '../../../fix/score.ts'
import type { TextPage } from '../../../scenario/render/text-page.ts'
import { numberOf } from '../catalogue.ts'

/** Prints commands without a prompt, so that they can be copied. */
export function commandsOf(page: TextPage, commands: string): void {
  for (const line of commands.split('\n')) page.line(`    ${page.chalk.bold(line)}`)
}

/** What a repair must reach, and what it must not change. */
export function goals(page: TextPage, broken: BrokenNetwork, nodes: Nodes): void {
  const { translate } = page
  page.prose(translate('This must work again:'))
  for (const { statement } of broken.works(nodes)) page.prose(`· ${translate(statement)}`, 4, 6)
  page.prose(translate('This must still work:'))
  for (const { statement } of broken.unharmed(nodes)) page.prose(`· ${translate(statement)}`, 4, 6)
}

export function solution(page: TextPage, broken: BrokenNetwork): void {
  const { translate } = page
  page.heading(translate('The cause: {cause}', { cause: translate(broken.cause.statement) }))
  page.paragraphs(translate(broken.explanation), 2)
  page.heading(translate('The commands that broke it'))
  commandsOf(page, broken.fault)
  page.heading(translate('How to repair it'))
  for (const { title, commands } of broken.solutions) {
    page.prose(translate(title))
    commandsOf(page, commands)
  }
  page.heading(translate('Refused: it cures the symptom but breaks something else'))
  for (const { title, commands } of broken.destructive) {
    page.prose(translate(title))
    commandsOf(page, commands)
  }
  page.gap()
}

/** The grade, in four lines. */
export function grade(page: TextPage, broken: BrokenNetwork, score: Score): void {
  const { translate } = page
  const { repaired, diagnosed, told, answers, checks, hints } = score
  page.gap()
  const done = repaired && diagnosed
  if (!done) page.bad(translate('Not solved yet.'))
  else if (told)
    page.bad(translate('Diagnosis and repair are right, but you looked at the solution first.'))
  else page.good(translate('Solved: diagnosis and repair are right.'))
  page.prose(
    translate(
      repaired ? 'repair: right (checks: {checks})' : 'repair: not yet (checks: {checks})',
      { checks },
    ),
  )
  page.prose(
    translate(
      diagnosed
        ? 'diagnosis: right (answers: {answers})'
        : 'diagnosis: not yet (wrong answers: {answers})',
      { answers },
    ),
  )
  page.prose(translate('hints: {hints} of {all}', { hints, all: broken.hints.length }))
  if (!solved(score))
    page.prose(translate('Try it again: npm run fix {number}', { number: numberOf(broken) }))
}

// The list of the broken networks: their symptoms and what was reached, and the fault's name only of those that are solved.
import type { ChalkInstance } from 'chalk'
import type { Results } from '../../fix/results.ts'
import { sayer } from '../../fix/say.ts'
import { nothingDone, solved } from '../../fix/score.ts'
import type { Translate } from '../../language/translate.ts'
import { exitCodes } from '../exit-codes.ts'
import { brokenNames, loadBroken } from './catalogue.ts'

const difficulties = ['easy', 'medium', 'hard'] as const

type Listing = {
  readonly results: Results
  readonly translate: Translate
  readonly chalk: ChalkInstance
  readonly plain: boolean
}

/** @returns the exit code. */
export async function list({ results, translate, chalk, plain }: Listing): Promise<number> {
  const say = sayer(translate)
  const networks = await Promise.all(brokenNames.map(loadBroken))
  const done = networks.filter(({ name }) => solved(results[name] ?? nothingDone))
  console.log(`${chalk.bold(say('listTitle'))}\n`)
  for (const [index, broken] of networks.entries()) {
    const isDone = done.includes(broken)
    const mark = plain
      ? `${say(isDone ? 'solvedMark' : 'openMark')}.`
      : isDone
        ? chalk.green('✓')
        : ' '
    const number = chalk.cyan(String(index + 1).padStart(2))
    const difficulty = say(difficulties[broken.difficulty - 1] ?? 'easy')
    const name = isDone ? chalk.dim(` [${broken.name}]`) : ''
    console.log(
      `${mark} ${number}  ${translate(broken.title)} ${chalk.dim(`(${difficulty})`)}${name}`,
    )
  }
  console.log(`\n${say('listDone', { done: done.length, all: networks.length })}`)
  console.log(chalk.dim(say('listHowTo')))
  return exitCodes.held
}

// The list of the broken networks: their symptoms and what was reached; it tells nothing about the faults.
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
    const title = translate(broken.title)
    const word = say(difficulties[broken.difficulty - 1] ?? 'easy')
    const number = String(index + 1).padStart(2)
    const signs = '*'.repeat(broken.difficulty).padEnd(3)
    if (plain)
      console.log(`${number}. ${title} (${word}, ${say(isDone ? 'solvedMark' : 'openMark')})`)
    else
      console.log(
        `${isDone ? chalk.green('✓') : ' '} ${chalk.cyan(number)}  ${chalk.dim(signs)}  ${title}`,
      )
  }
  const counted = say('listDone', { done: done.length, all: networks.length })
  console.log(`\n${counted}${plain ? '' : `     ${chalk.dim(say('listSigns'))}`}`)
  console.log(chalk.dim(`${say('listHowTo')}\n${say('listHelp')}`))
  return exitCodes.held
}

// The part of `npm run fix` that runs in the sandbox: builds the broken network, makes sure of its fault, plays it, and keeps the result.
import { Chalk } from 'chalk'
import { NetdojoError } from '../../../errors.ts'
import { symptom } from '../../../fix/judge.ts'
import { keepResult } from '../../../fix/results.ts'
import { finished, solved } from '../../../fix/score.ts'
import { build, nodesOf } from '../../../fix/world.ts'
import { translator } from '../../../language/translate.ts'
import { TextPage } from '../../../scenario/render/text-page.ts'
import { exitCodes } from '../../shared/errors.ts'
import { loadBroken } from '../catalogue.ts'
import type { FixRequest } from '../request.ts'
import { grade, solution } from './page.ts'
import { atTerminal, play, script } from './session.ts'

/** @returns the exit code. */
export async function fixInside(request: FixRequest): Promise<number> {
  const { seed, results } = request
  const write = (text: string) => void process.stdout.write(text)
  const [broken, translate] = await Promise.all([
    loadBroken(request.name),
    translator(request.language),
  ])
  const nodes = nodesOf()
  await build(broken, nodes)
  const noticed = await symptom(broken, nodes)
  const { color, plain, columns } = request
  const chalk = new Chalk({ level: color && !plain ? 1 : 0 })
  const page = new TextPage({ write, chalk, translate, plain, columns })
  const person = request.script ? script(request.script, write) : atTerminal(write)
  const score = await play({ broken, nodes, page, person, seed }, noticed)
  // Somebody who asked for the solution has just read it.
  if (finished(score) && !score.told) solution(page, broken)
  grade(page, broken, score)
  keep(() => keepResult(results, broken.name, score))
  return solved(score) ? exitCodes.held : exitCodes.checkFailed
}

/** The learner has done the work, whether or not it can be written down. */
function keep(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    console.error(error.toText())
  }
}

// Runs a broken network in the sandbox: it builds the network, confirms its fault, lets the learner repair it, and keeps the result.
import { Chalk } from 'chalk'
import { NetdojoError } from '../../../errors.ts'
import { symptom } from '../../../fix/judge.ts'
import { keepResult } from '../../../fix/results.ts'
import { finished, solved } from '../../../fix/score.ts'
import { build, nodesOf } from '../../../fix/world.ts'
import { translator } from '../../../language/translate.ts'
import { TextPage } from '../../../scenario/render/text-page.ts'
import { exitCodes } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { loadBroken, numberOf } from '../catalogue.ts'
import type { FixRequest } from '../request.ts'
import { grade, solution } from './page.ts'
import { atTerminal, script } from './person.ts'
import { play } from './session.ts'

/** @returns the exit code. */
export async function fixInside(request: FixRequest, terminal: Terminal): Promise<number> {
  const { seed, results } = request
  const { write } = terminal
  const [broken, translate] = await Promise.all([
    loadBroken(request.name),
    translator(request.language),
  ])
  if (request.record !== null) {
    const { recordingFile } = await import('../../shared/recording-file.ts')
    const save = recordingFile(request.record)
    const { recordBroken } = await import('../../../web/record/broken.ts')
    save(await recordBroken(broken, numberOf(broken)))
    return exitCodes.held
  }
  const nodes = nodesOf()
  await build(broken, nodes)
  const noticed = await symptom(broken, nodes)
  const { color, plain, columns } = request
  const chalk = new Chalk({ level: color && !plain ? 1 : 0 })
  const page = new TextPage({ write, chalk, translate, plain, columns })
  const person = request.script ? script(request.script, write) : await atTerminal(terminal, page)
  const score = await play({ broken, nodes, page, person, seed, columns }, noticed)
  // A learner who asked for the solution has just read it.
  if (finished(score) && !score.told) solution(page, broken)
  grade(page, broken, score)
  keep(terminal, () => keepResult(results, broken.name, score))
  return solved(score) ? exitCodes.held : exitCodes.checkFailed
}

/** A result that cannot be written does not change the learner's exit code. */
function keep(terminal: Terminal, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(`${error.toText()}\n`)
  }
}

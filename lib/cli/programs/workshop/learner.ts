// Goes through one scenario with the learner inside the sandbox, and sends the progress to the program outside, which keeps it.
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Chalk } from 'chalk'
import { NetdojoError } from '../../../errors.ts'
import { type Translate, translator } from '../../../language/translate.ts'
import { enterQuietly } from '../../../sandbox/enter.ts'
import type { Scenario } from '../../../scenario/scenario.ts'
import type { Asker } from '../../../workshop/ask/asker.ts'
import { goThrough } from '../../../workshop/course.ts'
import type { Ahead } from '../../../workshop/look-ahead.ts'
import { Outline, type OutlineLine } from '../../../workshop/outline.ts'
import { WorkshopPage } from '../../../workshop/page.ts'
import type { Drawer } from '../../../workshop/pictures.ts'
import { exitCodes } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { scenarioNames } from '../catalogue.ts'
import { type WorkshopRequest, insideCommand } from '../request.ts'
import type { Message, Picture } from './sandbox.ts'

export async function learn(
  request: WorkshopRequest,
  scenario: Scenario,
  { listed, begun }: Ahead,
  terminal: Terminal,
): Promise<number> {
  const { color, columns, from, byHand, dialect, plain, language } = request
  const translate = await translator(language)
  const { write } = terminal
  const outline = new Outline(listed, (add) => runAhead(request, add))
  if (byHand) outline.begin()
  const chalk = new Chalk({ level: color ? 1 : 0 })
  const page = new WorkshopPage({ write, chalk, translate, plain, columns, wraps: true })
  const asker = await askerFor(request, translate, terminal)
  const ended = await reported(terminal, () =>
    goThrough({
      scenario,
      next: nextCommand(scenario.name),
      from,
      byHand,
      dialect,
      draw: plain ? null : drawnOutside(),
      begun,
      outline,
      page,
      asker,
      translate,
      emit: (update) => send({ kind: 'progress', update }),
    }),
  )
  if (typeof ended === 'number') return ended
  send({ kind: 'left', left: ended.left })
  return ended.outcome === 'broken' ? exitCodes.labBroken : exitCodes.held
}

function nextCommand(name: string): string {
  const next = scenarioNames[scenarioNames.indexOf(name) + 1]
  return next === undefined ? 'npm run fix' : `npm run workshop ${next}`
}

/** Reports an error here, where the exit code ends the process: a server of the scenario may still run, and would keep it alive. */
async function reported<Result>(
  terminal: Terminal,
  body: () => Promise<Result>,
): Promise<Result | number> {
  try {
    return await body()
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(`${error.toText()}\n`)
    return error.code === 'usage' ? exitCodes.usage : exitCodes.labBroken
  }
}

/** Plays the scenario ahead in a sandbox within this one, where nothing else sees it. @returns the error, or null. */
async function runAhead(
  { scenario, from, dialect }: WorkshopRequest,
  add: (line: OutlineLine) => void,
): Promise<string | null> {
  const command = insideCommand({ kind: 'outline', scenario, from, dialect })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by inside.ts
  const read = (line: string) => add(JSON.parse(line) as OutlineLine)
  try {
    await enterQuietly(command, read)
    return null
  } catch (error) {
    return error instanceof NetdojoError ? error.toText() : String(error)
  }
}

async function askerFor(
  { script, plain, color }: WorkshopRequest,
  translate: Translate,
  { write }: Terminal,
): Promise<Asker> {
  if (script) {
    const { scriptedAsker } = await import('../../../workshop/ask/scripted.ts')
    return scriptedAsker(script, script.at, write, (at) => send({ kind: 'script', at }))
  }
  if (plain) return (await import('../../../workshop/ask/plain.ts')).plainAsker(write, translate)
  return (await import('../../../workshop/ask/keys.ts')).keyAsker(
    new Chalk({ level: color ? 1 : 0 }),
    translate,
  )
}

const descriptor = 4

function send(message: Message): void {
  writeSync(descriptor, `${JSON.stringify(message)}\n`)
}

/** Asks the program outside for pictures. It is created once: it owns the descriptor. */
function drawnOutside(): Drawer {
  // Node makes a socket for 'pipe': https://nodejs.org/api/child_process.html#optionsstdio
  const answers = new Socket({ fd: descriptor })
  const waiting: PromiseWithResolvers<string>[] = []
  createInterface({ input: answers }).on('line', (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by sandbox.ts
    const picture = JSON.parse(line) as Picture
    const asked = waiting.shift()
    if ('text' in picture) asked?.resolve(picture.text)
    else asked?.reject(new Error(picture.error))
  })
  return (topology) => {
    const asked = Promise.withResolvers<string>()
    waiting.push(asked)
    send({ kind: 'draw', topology })
    return asked.promise
  }
}

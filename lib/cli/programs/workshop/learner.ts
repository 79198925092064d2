// Within the sandbox: goes through one scenario with the learner, and tells the program outside what is to outlive the sandbox.
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
import type { Drawer } from '../../../workshop/tools.ts'
import { exitCodes } from '../../shared/errors.ts'
import { type WorkshopRequest, insideCommand } from '../request.ts'
import type { Message, Picture } from './sandbox.ts'

export async function learn(
  request: WorkshopRequest,
  scenario: Scenario,
  { listed, begun }: Ahead,
): Promise<number> {
  const { color, from, byHand, dialect, plain, language } = request
  const translate = await translator(language)
  const outline = new Outline(listed, (add) => runAhead(request, add))
  if (byHand) outline.begin()
  const chalk = new Chalk({ level: color ? 1 : 0 })
  const page = new WorkshopPage({ write, chalk, translate, plain, wraps: true })
  const asker = await askerFor(request, translate)
  const ended = await reported(() =>
    goThrough({
      scenario,
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

/** What is left running, as a server of the scenario, must not keep us: an error is told here, where its code is also the end. */
async function reported<Result>(body: () => Promise<Result>): Promise<Result | number> {
  try {
    return await body()
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    process.stderr.write(`${error.toText()}\n`)
    return error.code === 'usage' ? exitCodes.usage : exitCodes.labBroken
  }
}

/**
 * In a world of its own within this one: what it does is seen nowhere else, and it ends with us.
 * @returns what went wrong.
 */
async function runAhead(
  { scenario, from, dialect }: WorkshopRequest,
  add: (line: OutlineLine) => void,
): Promise<string | null> {
  const command = insideCommand({ kind: 'outline', scenario, from, dialect })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see outline.ts
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
): Promise<Asker> {
  if (script) {
    const { scriptedAsker } = await import('../../../workshop/ask/scripted.ts')
    return scriptedAsker(script, script.at, write, (at) => send({ kind: 'script', at }))
  }
  if (plain) return (await import('../../../workshop/ask/plain.ts')).plainAsker(write, translate)
  return (await import('../../../workshop/ask/keys.ts')).keyAsker(
    new Chalk({ level: color ? 1 : 0 }),
  )
}

function write(text: string): void {
  process.stdout.write(text)
}

const descriptor = 4

function send(message: Message): void {
  writeSync(descriptor, `${JSON.stringify(message)}\n`)
}

/** To be made once. */
function drawnOutside(): Drawer {
  // It is a socket, not a pipe: child_process(3) 'stdio'. Nobody waits for it who has not asked.
  const answers = new Socket({ fd: descriptor })
  const waiting: PromiseWithResolvers<string>[] = []
  createInterface({ input: answers }).on('line', (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see ../workshop.ts
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

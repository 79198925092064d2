// Within the sandbox: goes through one scenario with the learner. What is to outlive the sandbox is told to the program outside, on
// descriptor 4: the sandbox may not see the user's files as they are.
import { writeSync } from 'node:fs'
import { Chalk } from 'chalk'
import { NetdojoError } from '../../errors.ts'
import { translator, type Translate } from '../../language/translate.ts'
import { enterQuietly } from '../../sandbox/enter.ts'
import type { Asker } from '../../workshop/ask/asker.ts'
import { goThrough } from '../../workshop/course.ts'
import { Outline, type OutlineLine } from '../../workshop/outline.ts'
import { Page } from '../../workshop/page.ts'
import { loadScenario } from '../catalogue.ts'
import { exitCodes } from '../exit-codes.ts'
import { insideCommand, type WorkshopRequest } from '../request.ts'
import type { Message } from './message.ts'

export async function workshop(request: WorkshopRequest): Promise<number> {
  const { color, from, byHand, dialect, plain, language } = request
  const outline = runAhead(request)
  const [t, scenario] = await Promise.all([translator(language), loadScenario(request.scenario)])
  const chalk = new Chalk({ level: color ? 1 : 0 })
  const page = new Page({ write, chalk, t, plain })
  const asker = await askerFor(request, t)
  const ended = await reported(() =>
    goThrough({
      scenario,
      from,
      byHand,
      dialect,
      plain,
      outline,
      page,
      asker,
      t,
      tell: (update) => tell({ kind: 'progress', update }),
    }),
  )
  if (typeof ended === 'number') return ended
  tell({ kind: 'left', left: ended.left })
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

/** In a world of its own within this one: what it does is seen nowhere else, and it ends with us. */
function runAhead({ scenario, from, dialect }: WorkshopRequest): Outline {
  const outline = new Outline()
  const command = insideCommand({ kind: 'outline', scenario, from, dialect })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see outline.ts
  const read = (line: string) => outline.add(JSON.parse(line) as OutlineLine)
  void enterQuietly(command, read).then(
    () => outline.close(null),
    (error: unknown) =>
      outline.close(error instanceof NetdojoError ? error.toText() : String(error)),
  )
  return outline
}

async function askerFor({ script, plain, color }: WorkshopRequest, t: Translate): Promise<Asker> {
  if (script) {
    const { scriptedAsker } = await import('../../workshop/ask/scripted.ts')
    return scriptedAsker(script, script.at, write, (at) => tell({ kind: 'script', at }))
  }
  if (plain) return (await import('../../workshop/ask/plain.ts')).plainAsker(write, t)
  return (await import('../../workshop/ask/keys.ts')).keyAsker(new Chalk({ level: color ? 1 : 0 }))
}

function tell(message: Message): void {
  writeSync(4, `${JSON.stringify(message)}\n`)
}

function write(text: string): void {
  process.stdout.write(text)
}

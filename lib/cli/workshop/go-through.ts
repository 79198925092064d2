// Goes through one scenario in a sandbox, as often as it is begun over; what the sandbox tells is kept here, outside of it.
import { chooseLanguage } from '../../language/choose.ts'
import { advance } from '../../workshop/progress.ts'
import { readProgress, updateProgress } from '../../workshop/progress-file.ts'
import type { Script } from '../../workshop/ask/scripted.ts'
import type { Left } from '../../workshop/dialogue.ts'
import { wantsColor } from '../color.ts'
import { exitCodes } from '../exit-codes.ts'
import { insideCommand, type Request } from '../request.ts'
import type { Options, WorkshopPosition } from '../workshop.ts'
import type { Message } from './message.ts'
import type { Sandbox } from './sandbox.ts'

export type Going = {
  readonly options: Options
  readonly script: Script | null
  /** How many lines of the script are said. */
  readonly said: { at: number }
  readonly enter: Sandbox
}

export type Gone = { readonly code: number; readonly left: Left | null }

/** @returns when the learner leaves it, or has come to its end; from a step to be done again it goes on by itself. */
export async function goThrough({ scenario, step }: WorkshopPosition, going: Going): Promise<Gone> {
  let from = step ?? resumeAt(scenario)
  for (;;) {
    const { code, left } = await once(scenario, from, going)
    if (code !== exitCodes.held || left?.to !== 'step') return { code, left }
    from = left.step
  }
}

/** Where it was left; a scenario that was finished begins anew. */
function resumeAt(scenario: string): number {
  return readProgress().scenarios[scenario]?.next ?? 1
}

async function once(scenario: string, from: number, going: Going): Promise<Gone> {
  const told: { left: Left | null } = { left: null }
  const inside = insideCommand(requestFor(scenario, from, going))
  const code = await going.enter(inside, (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see outside.ts
    const message = JSON.parse(line) as Message
    if (message.kind === 'progress') updateProgress((progress) => advance(progress, message.update))
    if (message.kind === 'script') going.said.at = message.at
    if (message.kind === 'left') told.left = message.left
  })
  return { code, left: told.left }
}

function requestFor(scenario: string, from: number, { options, script, said }: Going): Request {
  return {
    kind: 'workshop',
    scenario,
    from,
    byHand: options.byHand ?? false,
    dialect: options.dialect,
    plain: options.plain ?? false,
    color: wantsColor(options.color),
    language: chooseLanguage(options.lang),
    script: script && { ...script, at: said.at },
  }
}

// Lists the scenarios with the learner's progress, and asks where to go on.
import type { ChalkInstance } from 'chalk'
import { columns, displayWidth, wrapped } from '../../../language/wrap.ts'
import type { Translate } from '../../../language/translate.ts'
import { type Asker, type Choice, GoneAway } from '../../../workshop/ask/asker.ts'
import { untilGone } from '../../../workshop/ask/keys.ts'
import type { Script } from '../../../workshop/ask/scripted.ts'
import { readProgress } from '../../../workshop/progress-file.ts'
import {
  isComplete,
  nextStep,
  scoreOf,
  totalScore,
  type Progress,
  type ScenarioProgress,
} from '../../../workshop/progress.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { loadScenario, playableScenarios, scenarioNames } from '../catalogue.ts'

/** A scenario and the step at which the learner begins. */
export type WorkshopPosition = { readonly scenario: string; readonly step: number | null }

type Asking = {
  readonly translate: Translate
  readonly chalk: ChalkInstance
  readonly plain: boolean
  readonly script: Script | null
  /** How many lines of the script are used up. */
  readonly used: { at: number }
  readonly terminal: Terminal
}

const leave = 'leave'

/** @param finished the scenario that the learner has just finished. @returns null when the learner leaves. */
export async function askWhere(
  asking: Asking,
  finished: string | null,
): Promise<WorkshopPosition | null> {
  const { translate, chalk, terminal } = asking
  const progress = readProgress()
  const { right, asked } = totalScore(progress)
  terminal.write(
    `\n${wrapped(translate('{name}: {title}', { name: chalk.bold('netdojo'), title: translate('container networking, built by hand on the real kernel') }), Math.min(terminal.columns, columns) - 1)}\n` +
      (asked > 0
        ? `${wrapped(translate('In all scenarios together, {right} of {asked} first predictions were right.', { right, asked }), Math.min(terminal.columns, columns) - 1)}\n`
        : '') +
      `${chalk.dim(translate('Networks to repair, at any time: npm run fix'))}\n\n`,
  )
  // A scenario that cannot be played here is offered, but nobody must have finished it.
  const { names } = await playableScenarios()
  const isDone = names.every((each) => {
    const own = progress.scenarios[each]
    return own !== undefined && isComplete(own)
  })
  const choices = [
    ...(await scenarioChoices(progress, asking)),
    {
      value: leave,
      key: 'q',
      label: translate(isDone ? 'leave; the next command is npm run fix' : 'leave'),
    },
  ]
  const question = translate(isDone ? 'You have finished all scenarios. Again?' : 'Which scenario?')
  const name = await answerTo(
    asking,
    question,
    choices,
    isDone ? leave : usual(progress, finished, names),
  )
  return name === leave ? null : whichStep(asking, name, progress)
}

/** Asks whether to go on in a scenario that the learner left, or to begin again. */
async function whichStep(
  asking: Asking,
  scenario: string,
  progress: Progress,
): Promise<WorkshopPosition | null> {
  const { translate } = asking
  const { [scenario]: own } = progress.scenarios
  const step = own ? nextStep(own) : 1
  if (step === 1) return { scenario, step }
  const steps = Array.from({ length: step - 1 }, (_, index) => index + 1)
  const answer = await answerTo(
    asking,
    translate('Where in {scenario}?', { scenario }),
    [
      { value: 'resume', key: 'enter', label: translate('go on with step {step}', { step }) },
      ...steps.map((each) => ({
        value: String(each),
        key: String(each),
        label:
          each === 1 ? translate('begin anew') : translate('step {step} again', { step: each }),
      })),
      { value: leave, key: 'q', label: translate('leave') },
    ],
    'resume',
  )
  if (answer === leave) return null
  return { scenario, step: answer === 'resume' ? step : Number(answer) }
}

async function scenarioChoices(
  progress: Progress,
  { translate, terminal }: Asking,
): Promise<readonly Choice[]> {
  const widest = Math.max(...scenarioNames.map((name) => name.length))
  const scenarios = await Promise.all(scenarioNames.map(loadScenario))
  return scenarios.map(({ name, title }, index) => {
    const state = stateOf(progress.scenarios[name], translate)
    // The list puts a pointer before each line.
    const room = Math.max(10, Math.min(terminal.columns, 80) - 5 - widest - displayWidth(state))
    return {
      value: name,
      key: String(index + 1),
      label: `${name.padEnd(widest)}  ${fitted(translate(title), room)}${state}`,
    }
  })
}

function stateOf(own: ScenarioProgress | undefined, translate: Translate): string {
  if (!own) return ''
  const { right, asked } = scoreOf(own)
  const score = asked === 0 ? '' : ` ${right}/${asked}`
  if (isComplete(own)) return ` ✓${score}`
  return ` ${translate('step {step}', { step: own.next })}${score}`
}

function fitted(text: string, room: number): string {
  let shown = text
  while (displayWidth(shown) > room && shown.length > 1)
    // Chinese has no spaces between words.
    shown = `${shown.replace(/ ?(?:[\x21-\x7E]+|[^\x21-\x7E ])…?$/, '').replace(/[,:; ]+$/, '')}…`
  return shown + ' '.repeat(Math.max(0, room - displayWidth(shown)))
}

/** After a finished scenario, the next one; otherwise the scenario that the learner has begun, or the first that is not begun. */
function usual({ scenarios }: Progress, finished: string | null, names: readonly string[]): string {
  const isLeft = (name: string) => !scenarios[name] || !isComplete(scenarios[name])
  const after = finished === null ? [] : names.slice(names.indexOf(finished) + 1)
  return (
    after.find(isLeft) ??
    names.find((name) => scenarios[name] && !isComplete(scenarios[name])) ??
    names.find((name) => !scenarios[name]) ??
    names[0] ??
    ''
  )
}

async function answerTo(
  asking: Asking,
  question: string,
  options: readonly Choice[],
  usual: string,
): Promise<string> {
  try {
    const asker = await lineAsker(asking)
    if (asker) return await asker.ask({ question, options, tools: [] })
    const { default: select } = await import('@inquirer/select')
    const choices = options.map(({ value, label }) => ({
      value,
      name: label,
      short: label.split('  ')[0] ?? label,
    }))
    const list = {
      message: question,
      choices,
      default: usual,
      pageSize: 12,
      loop: false,
      theme: {
        style: {
          keysHelpTip: () =>
            asking.chalk.dim(asking.translate('arrow keys move, Enter chooses, Ctrl-C leaves')),
        },
      },
    }
    return await untilGone((context) => select(list, context))
  } catch (error) {
    if (error instanceof GoneAway) return leave
    throw error
  }
}

async function lineAsker({
  plain,
  script,
  used,
  translate,
  terminal,
}: Asking): Promise<Asker | null> {
  const { write } = terminal
  if (script) {
    const { scriptedAsker } = await import('../../../workshop/ask/scripted.ts')
    return scriptedAsker(script, used.at, write, (at) => (used.at = at))
  }
  return plain
    ? (await import('../../../workshop/ask/plain.ts')).plainAsker(write, translate)
    : null
}

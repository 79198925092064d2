// Goes through one scenario with a learner, inside the sandbox: the scenario plays, the guide asks, the page shows.
import { NetdojoError } from '../errors.ts'
import type { Emit } from '../scenario/events.ts'
import { play } from '../scenario/play.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { GuideOptions, Left } from './dialogue.ts'
import { WorkshopGuide } from './guide.ts'

export type CourseOptions = Omit<GuideOptions, 'scenario' | 'state' | 'hasOutside'> & {
  readonly scenario: Scenario
  /** The command after this scenario. */
  readonly next: string
}

export type CourseEnd = {
  readonly left: Left | null
  readonly outcome: 'held' | 'failed' | 'broken'
}

/** @throws the error that ended the scenario without concerning the network, for example a wrong answer in a script */
export async function goThrough({ scenario, ...options }: CourseOptions): Promise<CourseEnd> {
  const { name } = scenario
  const hasOutside = scenario.topology.includes('outside')
  const guide = new WorkshopGuide({
    ...options,
    scenario: name,
    state: scenario.state ?? {},
    hasOutside,
  })
  const { page, emit, translate, from } = options
  emit({ kind: 'began', scenario: name, at: new Date().toISOString() })
  void emitSteps(name, options)
  page.opening(name, scenario.title)
  if (from === 1) {
    page.paragraphs(translate(scenario.about), 0)
    page.drawing(scenario.topology)
  } else page.prose(translate('The earlier steps are rebuilt first.'))
  const outcome = await play(
    scenario,
    { dialect: options.dialect, without: null, patience: 0, guide },
    renderer(guide, options),
  )
  if (guide.dialogue.error !== null) throw guide.dialogue.error
  if (guide.dialogue.left !== null || outcome === 'broken')
    return { left: guide.dialogue.left, outcome }
  if (guide.isRebuilding) throw noSuchStep(name, from, guide.dialogue.step)
  emit({ kind: 'finished', scenario: name, at: new Date().toISOString() })
  page.gap()
  page.good(translate('{name} is finished.', { name }))
  if (scenario.ending) page.ending(scenario.ending, options.next)
  return { left: guide.dialogue.left, outcome }
}

/** Emits the number of steps, which is known when the outline is complete. */
async function emitSteps(
  scenario: string,
  { outline, emit }: Pick<GuideOptions, 'outline' | 'emit'>,
) {
  const steps = await outline.steps()
  if (steps !== null) emit({ kind: 'steps', scenario, steps })
}

function noSuchStep(scenario: string, step: number, steps: number): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'begin',
    object: `'${scenario}' at step ${step}`,
    reason: `the step must be from 1 to ${steps}, not ${step}`,
  })
}

/** Renders the events that the guide does not handle itself. */
function renderer(guide: WorkshopGuide, { page }: Pick<GuideOptions, 'page'>): Emit {
  let shown: { readonly node: string; readonly line: string } | null = null
  return (event) => {
    if (event.type === 'step-started') guide.heading = event
    if (event.type === 'scenario-ended' && event.error !== null) page.output(event.error, 0)
    if (guide.isRebuilding) return
    switch (event.type) {
      case 'call-started':
        return page.call(event.source)
      case 'part-started':
        return page.part(event.title, null)
      case 'command-started':
        shown = event.command === null ? event : null
        return
      case 'command-ended':
        if (!shown) return
        page.command(shown.node, shown.line)
        return page.output(event.stdout + event.stderr)
      case 'journey':
        return page.journey(event)
    }
  }
}

// Judges what the learner does in a shell, with any commands. The goal comes from the second world; the kernel shows whether it is
// reached. If another way may do the same, the next check decides.
import type { Translate } from '../language/translate.ts'
import { changeLine, difference } from '../observe/difference/difference.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import type { AskedCheck } from '../scenario/guide.ts'
import { hanging } from '../language/wrap.ts'
import type { Missing } from './goal/goal.ts'
import { isVisible, missing } from './goal/missing.ts'
import type { Task } from './outline.ts'
import { missingLines } from './page.ts'

export type Judged = {
  /** `unknown`: a snapshot cannot show whether the goal is reached. */
  readonly state: 'reached' | 'not-yet' | 'unknown'
  readonly missing: readonly Missing[]
}

/** The changes that the commands make; if no snapshot shows them, the commands themselves. */
export function goalLines(task: Task, translate: Translate): readonly string[] {
  if (!isVisible(task)) return task.commands.map(({ node, line }) => `${node}$ ${line}`)
  const { changes } = difference(task.before, task.after)
  return changes.map((change) => changeLine(change, translate))
}

/** @param check the next check, or null. */
export async function judge(task: Task, check: AskedCheck | null): Promise<Judged> {
  const lacking = missing(await takeSnapshot(), task)
  if (!isVisible(task))
    return { state: (await holds(check, isQuiet)) ? 'reached' : 'unknown', missing: [] }
  if (lacking.length === 0) return { state: 'reached', missing: [] }
  const otherWay = lacking.every(({ isSoft }) => isSoft) && (await holds(check, isNoCapture))
  return otherWay ? { state: 'reached', missing: [] } : { state: 'not-yet', missing: lacking }
}

/** Only a check that expects an answer proves something: a failure or a missing line can have many causes. */
async function holds(
  check: AskedCheck | null,
  mayAsk: (line: string) => boolean,
): Promise<boolean> {
  if (check === null) return false
  const { probe, expectation } = check
  const { what } = expectation.wants
  if ((what !== 'answer' && what !== 'line') || !mayAsk(probe.line)) return false
  const judges = (seen: Parameters<typeof expectation.judge>[0]) => expectation.judge(seen).holds
  return judges(await probe.observe({ patience: 0, holds: judges }))
}

/** Whether the command sends no packets, which bridges and conntrack would remember. */
function isQuiet(line: string): boolean {
  return !/^(ping|curl|tcpdump) /.test(line)
}

function isNoCapture(line: string): boolean {
  return !line.startsWith('tcpdump ')
}

/** The messages at the prompts of one shell. The same message does not come twice in a row. */
export function promptWords(
  look: () => Promise<Judged>,
  translate: Translate,
): () => Promise<string> {
  let shown: string | null = null
  return async () => {
    const { state, missing } = await look()
    const lines =
      state === 'reached'
        ? [`✓ ${translate('The goal is reached. To go on: exit or Ctrl-D.')}`]
        : worthSaying(missing, translate)
    const text = shellText(lines)
    // At the first prompt, the learner has just read the goal.
    const isNews = shown === null ? state === 'reached' : text !== shown
    shown = text
    return isNews ? text : ''
  }
}

/** Lines for a shell of 80 columns. */
export function shellText(lines: readonly string[]): string {
  return lines.map((line) => `${hanging(line, 2, 4).join('\n')}\n`).join('')
}

/** Mistakes are shown at once; what is not done yet, when little of it is left. */
function worthSaying(missing: readonly Missing[], translate: Translate): readonly string[] {
  const few = missing.length <= 2
  return missingLines(
    missing.filter(({ isMistake }) => isMistake || few),
    translate,
  )
}

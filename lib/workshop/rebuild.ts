// Runs the commands of earlier steps again without output. Commands that nothing interrupts become one script, which runs while the
// workshop loads and takes half the time. A test compares the state with that of a learner who did all the steps.
import { run } from '../exec/run.ts'
import type { ExecTarget } from '../exec/target.ts'
import type { AskedCheck } from '../scenario/guide.ts'
import type { LabCommand } from '../scenario/node.ts'
import { commandFailed } from '../scenario/failures.ts'
import { shellQuote } from '../exec/shell-quote.ts'

/** What already runs: the commands and checks up to these numbers. */
export type Begun = {
  readonly commands: number
  readonly checks: number
  /** @throws NetdojoError `program-failed` */
  readonly ended: Promise<void>
}

export class Rebuild {
  readonly #begun: Begun
  #held: Line[] = []

  constructor(begun: Begun = { commands: 0, checks: 0, ended: Promise.resolve() }) {
    this.#begun = begun
  }

  /** @returns whether the scenario must run the command itself. */
  async add(command: LabCommand, number: number): Promise<boolean> {
    if (number <= this.#begun.commands) return false
    if (!command.typed) {
      await this.untilNow()
      return true
    }
    const { node, target, line } = command
    this.#held.push({ node, target, line, isAsked: false })
    return false
  }

  /** Checks that are answered leave neighbour and forwarding entries behind, which belong to the state. The others are left out. */
  ask({ check, probe, expectation }: AskedCheck): void {
    const { node, line } = probe
    if (check <= this.#begun.checks || expectation.wants.what !== 'answer') return
    this.#held.push({ node: node.name, target: node.target, line, isAsked: true })
  }

  /** Must be awaited before anything reads the network. @throws NetdojoError `program-failed` */
  async untilNow(): Promise<void> {
    await this.#begun.ended
    const held = this.#held
    this.#held = []
    if (held.length > 0) await runHeld(held)
  }
}

type Line = {
  readonly node: string
  readonly target: ExecTarget
  readonly line: string
  readonly isAsked: boolean
}

async function runHeld(held: readonly Line[]): Promise<void> {
  const script = runsOf(held).map(scriptOf).join('\n')
  const ended = await run('bash', ['--norc', '-c', script], { input: '', allowFailure: true })
  if (ended.exitCode === 0) return
  const failed = held[Number(/^@(\d+)$/m.exec(ended.stdout)?.[1] ?? 0)]
  throw commandFailed(failed?.node ?? 'host', failed?.line ?? script, ended)
}

type Numbered = readonly (readonly [number: number, line: Line])[]

/** Groups consecutive lines of the same node. */
function runsOf(held: readonly Line[]): readonly Numbered[] {
  const runs: [number, Line][][] = []
  for (const [number, line] of held.entries()) {
    const last = runs.at(-1)
    if (last?.[0]?.[1].node === line.node) last.push([number, line])
    else runs.push([[number, line]])
  }
  return runs
}

function scriptOf(lines: Numbered): string {
  const [first] = lines
  const script = lines.map(([number, line]) => statement(number, line)).join('\n')
  const enter = first?.[1].target.enter ?? []
  if (enter.length === 0) return script
  // If the node does not exist, its script never ran and printed no number.
  return `${enter.join(' ')} bash --norc -c ${shellQuote(script)} || { code=$?; echo @${first?.[0]}; exit $code; }`
}

/** Each line runs in a subshell of its own. A line that fails prints its number and ends the script. */
function statement(number: number, { line, isAsked }: Line): string {
  // Links come up, and bridges learn, a little after the command has returned.
  if (isAsked)
    return `for again in 1 2 3; do ( ${line}\n) >/dev/null 2>&1 && break; sleep 0.1; done`
  return `( ${line}\n) || { code=$?; echo @${number}; exit $code; }`
}

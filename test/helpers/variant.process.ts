// Plays one scenario in this world as a learner who types one command differently, and prints what the workshop says about it.
import { readFileSync } from 'node:fs'
import { loadScenario } from '../../lib/cli/programs/catalogue.ts'
import { run } from '../../lib/exec/run.ts'
import { namespaceTarget, thisMachine } from '../../lib/exec/target.ts'
import { play, Stopped } from '../../lib/scenario/play.ts'
import { judge } from '../../lib/workshop/by-hand.ts'
import type { Task } from '../../lib/workshop/outline.ts'

export type Said = {
  /** What differs from the goal; none if the goal is reached. */
  readonly told: readonly string[]
  /** The later checks that fail. */
  readonly failed: readonly string[]
  readonly error: string | null
}

const [name = '', wanted = '', variant = '', tasksFile = ''] = process.argv.slice(2)
const number = Number(wanted)
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- variants.test.ts wrote it
const tasks = JSON.parse(readFileSync(tasksFile, 'utf8')) as readonly Task[]
const task = tasks.find(({ commands }) => commands.some((command) => command.number === number))
if (!task) throw new Error(`no group has command ${number}`)
const scenario = await loadScenario(name)
let told: readonly string[] = []
let reached = false
const failed: string[] = []
let error: string | null = null

/** Judges after the last command of the group. */
async function end(): Promise<void> {
  if (reached || last < (task?.commands.at(-1)?.number ?? 0) || !task) return
  const missing = await judge(task, scenario.state ?? {})
  told = missing.map(({ text, isMistake }) => `${isMistake ? '!' : '·'} ${text}`)
  if (told.length > 0) throw new Stopped()
  reached = true
}

let last = 0
await play(
  scenario,
  {
    dialect: 'ip',
    without: null,
    patience: 0,
    guide: {
      beforeStep: end,
      afterStep: end,
      beforeCommand: async (command, each) => {
        if (each === null) return false
        await end()
        last = each
        if (each !== number) return true
        const [, node = command.node, line = variant] = /^(\w+)\$ (.*)$/.exec(variant) ?? []
        const target = node === 'host' ? thisMachine : namespaceTarget(node)
        const shell = ['-c', '"$@"', 'sh', ...target.enter, 'bash', '--norc', '-c', line]
        await run('sh', shell, { input: '', allowFailure: true })
        return false
      },
      // A command that the variant has made impossible: the learner reads its error and goes on.
      toleratesFailure: async ({ line }, { stderr }) => {
        if (reached) error = `${line}: ${stderr.trim()}`
        return true
      },
      beforeCheck: async () => {
        await end()
        return true
      },
      afterCheck: async ({ statement, check }, { holds }) => {
        if (!holds && reached) failed.push(`${check}: ${statement}`)
        return false
      },
      beforeJourney: async () => false,
    },
  },
  (event) => {
    if (event.type === 'scenario-ended') error ??= event.error
  },
)
console.log(JSON.stringify({ told, failed, error } satisfies Said))
process.exit(0)

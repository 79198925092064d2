// Plays each scenario with each plausible wrong variant of each command: 'reached' must never be said when a later check fails.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pMap from 'p-map'
import * as assert from 'uvu/assert'
import { insideCommand } from '../../lib/cli/programs/request.ts'
import { run } from '../../lib/exec/run.ts'
import { enterQuietly } from '../../lib/sandbox/enter.ts'
import { inNamespaces } from '../../lib/sandbox/namespaces.ts'
import { variants } from '../../scenarios/variants/index.ts'
import type { OutlineLine, Task } from '../../lib/workshop/outline.ts'
import { newDirectory } from '../helpers/directory.ts'
import { slow as isSlow } from '../helpers/long.ts'
import { playedHere } from '../helpers/playable.ts'
import { suite } from '../helpers/suite.ts'
import type { Said } from '../helpers/variant.process.ts'

// SCENARIO=dnat tries the variants of this one only.
const played = process.env.SCENARIO?.split(',') ?? playedHere
const program = join(import.meta.dirname, '../helpers/variant.process.ts')
const directory = mkdtempSync(join(newDirectory(), 'variants-'))
/** Of each scenario, the usual run tries only some variants. */
const every = isSlow ? 1 : 12

suite('wrong variants', (test) => {
  for (const name of played)
    test(
      name,
      async () => {
        const tasks = await tasksOf(name)
        const file = join(directory, name)
        writeFileSync(file, JSON.stringify(tasks))
        const catalogue = variants[name] ?? {}
        const commands = tasks
          .filter(({ typed }) => typed)
          .flatMap((task) => task.commands)
          .map(({ number, node, line }) => ({ number, key: `${node}$ ${line}` }))
        assert.equal(
          commands.map(({ key }) => key).filter((key) => !catalogue[key]),
          [],
          'each command has wrong variants',
        )
        assert.equal(
          Object.keys(catalogue).filter((key) => !commands.some((each) => each.key === key)),
          [],
          'each key of the catalogue is a command of the scenario',
        )
        const all = commands.flatMap(({ number, key }) =>
          (catalogue[key] ?? []).map((variant) => ({ number, variant })),
        )
        const tried = all.filter((_, index) => index % every === 0)
        // The commands as the scenario has them: their goal must be reached.
        const groups = tasks.filter(({ typed }) => typed).slice(0, isSlow ? undefined : 1)
        const unreached = await pMap(
          groups.flatMap(({ commands: [first] }) => first ?? []),
          async ({ number, node, line }) => {
            const { told, failed } = await tryOne(name, number, `${node}$ ${line}`, file)
            return [...told, ...failed].map((text) => `${number}: ${text}`)
          },
          { concurrency: 3 },
        )
        assert.equal(unreached.flat(), [])
        const wrong = await pMap(
          tried,
          async ({ number, variant }) => {
            const said = await tryOne(name, number, variant, file)
            const verdict = said.told.length > 0 ? said.told.join(' / ') : 'reached'
            if (process.env.VERBOSE)
              console.log(`| ${name} | ${number} | \`${variant}\` | ${verdict} |`)
            const later = [...said.failed, ...(said.error === null ? [] : [said.error])]
            return said.told.length === 0 && later.length > 0
              ? [`${number}: ${variant}: reached, but later: ${later.join('; ')}`]
              : []
          },
          { concurrency: 3 },
        )
        assert.equal(wrong.flat(), [])
      },
      { seconds: 900 },
    )
})

async function tasksOf(name: string): Promise<readonly Task[]> {
  const tasks: Task[] = []
  await enterQuietly(
    insideCommand({ kind: 'outline', scenario: name, from: 1, dialect: 'ip' }),
    (line) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by inside.ts
      const read = JSON.parse(line) as OutlineLine
      if (read.kind === 'group') tasks.push(read.group)
    },
  )
  return tasks
}

async function tryOne(name: string, number: number, variant: string, file: string): Promise<Said> {
  const words = [process.execPath, program, name, String(number), variant, file]
  const { program: start, args, env } = inNamespaces(words)
  const all = ['-c', 'exec 3>&2; exec "$@"', 'sh', start, ...args]
  const { stdout, stderr } = await run('sh', all, { input: '', env, allowFailure: true })
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`${name} ${number} ${variant}: ${stdout}${stderr}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by variant.process.ts
  return JSON.parse(line) as Said
}

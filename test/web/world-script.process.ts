// Builds a network in a fresh world by a script, and prints the script that would rebuild it, with its state and what answers there.
import { execFileSync } from 'node:child_process'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { worldScript } from '../../lib/web/world-script.ts'
import { until } from '../helpers/until.ts'
import { succeeds } from '../helpers/sandbox.ts'

const [script = '', ...questions] = process.argv.slice(2)
const fresh = await takeSnapshot()
execFileSync('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] })
const answers: boolean[] = []
for (const question of questions) answers.push(await until(() => succeeds(question), 20))
const saved = await worldScript(fresh)
const state = await takeSnapshot()
console.log(JSON.stringify({ saved, state, answers }))
process.exit()

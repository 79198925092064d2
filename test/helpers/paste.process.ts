// Runs inside `elsewhere`: pastes standard input into a shell on a host with new namespaces, and prints the resulting state.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { kernelState } from './kernel-state.ts'
import { sh } from './sandbox.ts'

const namespaces = process.argv.slice(2)
for (const name of namespaces) sh(`ip netns add ${name}`)
const { stderr } = spawnSync('bash', ['-s'], { input: readFileSync(0), encoding: 'utf8' })
// conntrack prints the number of deleted entries, and fails if there is none.
const complaints = stderr
  .split('\n')
  .filter((line) => line !== '' && !/^conntrack v.* flow entries have been deleted/.test(line))
if (complaints.length > 0) throw new Error(complaints.join('\n'))
console.log(JSON.stringify(await kernelState(namespaces)))

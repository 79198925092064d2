// Measures `npm run scenario bridge-nat` against a plain bash script of the same commands and checks in the same world: medians and ratios.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../lib/exec/run.ts'
import { inNamespaces } from '../lib/sandbox/namespaces.ts'
import type { ScenarioEvent } from '../lib/scenario/events.ts'

const runs = Number(process.env.RUNS ?? 10)
const root = join(import.meta.dirname, '..')
const directory = mkdtempSync(join(tmpdir(), 'netdojo-bench-'))

const { stdout } = await run('npm', [
  '--prefix',
  root,
  'run',
  '--silent',
  'scenario',
  'bridge-nat',
  '--',
  '--json',
])
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of our own program
const events = stdout.split('\n').map((line) => JSON.parse(line) as ScenarioEvent)
const script = join(directory, 'bridge-nat.sh')
writeFileSync(script, plainScript(events))

const bash = inNamespaces(['bash', script])
const times: { plain: number[]; npm: number[]; direct: number[] } = {
  plain: [],
  npm: [],
  direct: [],
}
for (let count = 0; count < runs; count += 1) {
  const plain = await run(bash.program, bash.args, { env: bash.env })
  times.plain.push(plain.milliseconds)
  times.npm.push(
    (await run('npm', ['--prefix', root, 'run', 'scenario', 'bridge-nat'])).milliseconds,
  )
  const direct = await run('sh', [join(root, 'lib/cli/scenario.sh'), 'bridge-nat'])
  times.direct.push(direct.milliseconds)
}
rmSync(directory, { recursive: true })

const plain = median(times.plain)
console.log(`bridge-nat, medians of ${runs} runs`)
for (const [name, key] of [
  ['bash script under unshare', 'plain'],
  ['npm run scenario bridge-nat', 'npm'],
  ['the same without npm', 'direct'],
] as const) {
  const time = median(times[key])
  console.log(
    `  ${name.padEnd(30)}${(time / 1000).toFixed(2).padStart(6)} s   x ${(time / plain).toFixed(2)}`,
  )
}

/** Each command as the run showed it; each check as its command, without output and without a verdict. */
function plainScript(played: readonly ScenarioEvent[]): string {
  const lines = played.flatMap((event) => {
    if (event.type === 'command-started')
      return [on(event.node, event.line.replace(/&$/, `>${directory}/log &`))]
    if (event.type !== 'check-started') return []
    if (event.line.startsWith('serve')) return [`cat ${directory}/log >/dev/null`]
    return [`${on(event.node, event.line.replace(/ *# while.*/, ''))} >/dev/null 2>&1`]
  })
  // Without the wait for its servers, the script would be shorter than the scenario.
  return lines.map(waiting).join('\n')
}

function on(node: string, line: string): string {
  return node === 'host' ? line : `ip netns exec ${node} ${line}`
}

function waiting(line: string): string {
  const server = /^ip netns exec (\w+) serve/.exec(line)
  return server
    ? `${line}\nuntil ip netns exec ${server[1]} ss -Hltn | grep -q :80; do sleep 0.01; done`
    : line
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

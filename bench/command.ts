// Measures whole commands: `netdojo` and `docker` take turns on one host of a sandbox with a real Docker engine, or `netdojo` alone.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { besideDocker } from './beside-docker.ts'
import { median, printTable } from './table.ts'

const netdojo = join(import.meta.dirname, '../lib/sandbox/bin/netdojo')
const rounds = Number(process.env.ROUNDS ?? 15)

/** The words after `netdojo` and after `docker`. */
const lines: readonly (readonly [ours: string, docker: string])[] = [
  ['network ls', 'network ls'],
  ['network create bench', 'network create bench'],
  ['run --rm --net bench true', 'run --rm --network bench sleeper /bin/sleep 0'],
  ['network rm bench', 'network rm bench'],
]

await besideDocker(import.meta.filename, measureAll)

async function measureAll(reason: string | undefined): Promise<void> {
  const ours = lines.map((): number[] => [])
  const theirs = lines.map((): number[] => [])
  const node: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [line]] of lines.entries()) ours[index]?.push(timed(netdojo, line))
    if (reason === undefined)
      for (const [index, [, line]] of lines.entries()) theirs[index]?.push(timed('docker', line))
    node.push(timed(process.execPath, '--eval 0'))
  }
  console.log(
    `\nmedians of ${rounds} in milliseconds; a bare Node takes ${median(node).toFixed(0)}\n`,
  )
  printTable([
    ['', 'netdojo', 'docker', 'ours to theirs'],
    ...lines.map(([line], index) => {
      const [a, b] = [median(ours[index] ?? []), median(theirs[index] ?? [])]
      return [line, a.toFixed(0), reason ? '-' : b.toFixed(0), reason ? '-' : (a / b).toFixed(2)]
    }),
  ])
}

function timed(program: string, line: string): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(program, line.split(' '), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${line}: ${stderr}`)
  return performance.now() - started
}

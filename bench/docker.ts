// Making and removing a network: ours against Docker's engine, asked through its socket, in turn in one run; without an engine, ours alone.
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { median, printTable } from './table.ts'
import { World } from './world.ts'

const socketPath = ['/var/run/docker.sock', '/run/docker.sock'].find((path) => existsSync(path))
const rounds = 20

await using world = await World.start('bench/contender.ts', 'netdojo')
// The first network makes the firewall's table, and the last one takes it away: one of Docker's is always there too.
const times = { ourCreate: [], ourRemove: [], dockerCreate: [], dockerRemove: [] } as Record<
  'ourCreate' | 'ourRemove' | 'dockerCreate' | 'dockerRemove',
  number[]
>
for (let round = 0; round < rounds; round++) {
  times.ourCreate.push(await world.tell('create'))
  times.ourRemove.push(await world.tell('remove'))
  if (socketPath === undefined) continue
  const body = { Name: `netdojo-bench-${process.pid}`, Driver: 'bridge' }
  times.dockerCreate.push(await timed(() => ask('POST', '/networks/create', body)))
  times.dockerRemove.push(await timed(() => ask('DELETE', `/networks/${body.Name}`)))
}

const [create, remove] = [median(times.ourCreate), median(times.ourRemove)]
console.log('\nmedians in milliseconds\n')
printTable([
  ['', 'create', 'remove'],
  ['netdojo', create.toFixed(1), remove.toFixed(1)],
  ...(socketPath === undefined ? [] : [dockerRow('Docker'), ratioRow('ours to Docker')]),
])
if (socketPath === undefined) console.log('\nno Docker engine runs here: nothing to compare with')

function dockerRow(name: string): readonly string[] {
  return [name, median(times.dockerCreate).toFixed(1), median(times.dockerRemove).toFixed(1)]
}

function ratioRow(name: string): readonly string[] {
  return [
    name,
    `1/${(median(times.dockerCreate) / create).toFixed(1)}`,
    `1/${(median(times.dockerRemove) / remove).toFixed(1)}`,
  ]
}

async function timed(action: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await action()
  return performance.now() - started
}

function ask(method: string, path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' }
    const asked = request({ socketPath, method, path, headers }, (answer) => {
      answer.resume().once('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve()
        else reject(new Error(`Docker: ${method} ${path}: ${answer.statusCode}`))
      })
    })
    asked.once('error', reject).end(body && JSON.stringify(body))
  })
}

// Measures creating and removing a network: netdojo and Docker's engine, asked through its socket, take turns on one host of a sandbox.
import { request } from 'node:http'
import { openNetworks } from '../lib/index.ts'
import { besideDocker } from './beside-docker.ts'
import { median, printTable } from './table.ts'

const rounds = Number(process.env.ROUNDS ?? 20)

await besideDocker(import.meta.filename, measureAll)

async function measureAll(reason: string | undefined): Promise<void> {
  await using networks = await openNetworks({ stateDirectory: '/run/bench' })
  const measureOurs = () =>
    measure(
      async () => void (await networks.create({ name: 'bench' })),
      () => networks.remove('bench'),
    )
  const alone = await measureOurs()
  // Docker always has a network. With one network of ours, the table of the firewall exists.
  await networks.create({ name: 'always' })
  const beside = await measureOurs()
  const body = { Name: 'bench', Driver: 'bridge' }
  const docker = reason
    ? undefined
    : await measure(
        () => ask('POST', '/networks/create', body),
        () => ask('DELETE', `/networks/${body.Name}`),
      )
  await networks.remove('always')
  console.log(`\nmedians of ${rounds} in milliseconds\n`)
  printTable([
    ['', 'create', 'remove'],
    ['netdojo, the first network and the last', ...alone.map((time) => time.toFixed(1))],
    ['netdojo, beside another', ...beside.map((time) => time.toFixed(1))],
    ...(docker
      ? [
          ['Docker, beside another', ...docker.map((time) => time.toFixed(1))],
          [
            'ours to Docker',
            ...docker.map((time, index) => `1/${(time / (beside[index] ?? 0)).toFixed(1)}`),
          ],
        ]
      : []),
  ])
}

async function measure(
  create: () => Promise<void>,
  remove: () => Promise<void>,
): Promise<readonly number[]> {
  const times: { create: number[]; remove: number[] } = { create: [], remove: [] }
  for (let round = 0; round < rounds; round++) {
    times.create.push(await timed(create))
    times.remove.push(await timed(remove))
  }
  return [median(times.create), median(times.remove)]
}

async function timed(action: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await action()
  return performance.now() - started
}

function ask(method: string, path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' }
    const socketPath = process.env.DOCKER_HOST?.replace('unix://', '') ?? '/run/docker.sock'
    const asked = request({ socketPath, method, path, headers }, (answer) => {
      answer.resume().once('end', () => {
        if ((answer.statusCode ?? 500) < 300) resolve()
        else reject(new Error(`Docker: ${method} ${path}: ${answer.statusCode}`))
      })
    })
    asked.once('error', reject).end(body && JSON.stringify(body))
  })
}

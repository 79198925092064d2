// Provides a container engine for the tests: the engine that answers here, or a new one in namespaces that end with the test.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isInstalled, searchPath } from '../../lib/exec/search-path.ts'
import { run } from '../../lib/exec/run.ts'
import { connectToEngine, type Engine } from '../../lib/sandbox/container/engine.ts'
import { builtName, ensureImage } from '../../lib/sandbox/container/image.ts'
import { removeControlGroups, removeControlGroupsSoon } from './control-groups.ts'

const root = join(import.meta.dirname, '../..')
const secondsToStart = 60

/**
 * Sets DOCKER_HOST for this process and its children; the engine has our image.
 * @returns the reason if there is no engine.
 */
export async function testEngine(): Promise<Engine | string> {
  if (await answers()) return withImage(await connectToEngine())
  if (process.getuid?.() !== 0) return 'no container engine answers, and only root can start one'
  const missing = ['dockerd', 'docker', 'debootstrap'].filter((tool) => !isInstalled(tool))
  if (missing.length > 0)
    return `no container engine answers, and to start one ${missing.join(', ')} must be installed (apt-get install docker.io debootstrap)`
  return withImage(await startEngine())
}

// The engine has its own namespaces: for the network with its rules, and for the mounts, which keep its images in memory.
const inOwnNamespaces =
  '--pdeathsig=KILL unshare --mount --pid --net --ipc --fork --kill-child --mount-proc'.split(' ')

const start = `
  mount -t tmpfs netdojo /run
  mount -t tmpfs netdojo "$1/data"
  exec dockerd --data-root "$1/data" --exec-root /run/engine --pidfile /run/engine.pid --host "unix://$1/socket" \
    --bridge none --iptables=false --ip-forward=false --cgroup-parent "$2" --log-level warn`

/** Docker's own client asks, because testcontainers caches its first answer. */
async function answers(): Promise<boolean> {
  return (
    isInstalled('docker') && (await run('docker', ['info'], { allowFailure: true })).exitCode === 0
  )
}

async function startEngine(): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-engine-'))
  mkdirSync(join(directory, 'data'))
  // Leftovers of killed runs.
  removeControlGroups('netdojo-test-*')
  const group = `netdojo-test-${process.pid}`
  const engine = spawn('setpriv', [...inOwnNamespaces, 'sh', '-c', start, 'sh', directory, group], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: searchPath() },
  })
  let output = ''
  engine.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  process.on('exit', () => {
    engine.kill('SIGKILL')
    removeControlGroupsSoon(group)
    rmSync(directory, { recursive: true, force: true })
  })
  // The engine must not keep the test process alive.
  engine.unref()
  if (engine.stderr instanceof Socket) engine.stderr.unref()
  process.env.DOCKER_HOST = `unix://${directory}/socket`
  const until = performance.now() + secondsToStart * 1000
  while (performance.now() < until && engine.exitCode === null) {
    if (await answers()) return connectToEngine()
    await sleep(100)
  }
  throw new Error(`dockerd did not start: ${output}`)
}

/** Fetches the image from a registry, or builds it from Debian's packages and keeps it for the next run. */
async function withImage(engine: Engine): Promise<Engine> {
  const name = builtName()
  const kept = join(root, 'node_modules/.cache/netdojo', `${name.replace(':', '-')}.tar`)
  const { dockerode } = engine.container
  const isThere = await dockerode
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    )
  if (isThere) return engine
  if (process.getuid?.() !== 0 || !isInstalled('debootstrap')) {
    await ensureImage(engine, () => {})
    return engine
  }
  if (!existsSync(kept)) {
    mkdirSync(join(kept, '..'), { recursive: true })
    await run('sh', [join(root, 'lib/sandbox/container/import-image.sh'), kept])
  }
  await run('docker', ['import', '--change', `ENV PATH=${containerPath}`, kept, name])
  return engine
}

const containerPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

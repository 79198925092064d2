// Docker's engine inside a test's sandbox: its networks are made on the sandbox's host, and end with it.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isInstalled, searchPath } from '../../lib/exec/search-path.ts'
import { sh, succeeds } from './sandbox.ts'

const directory = '/run/docker-test'
const secondsToStart = 60

/** Why there can be none here; undefined when there can. The machine's own root is needed, not a sandbox's. */
export function whyNoDocker(): string | undefined {
  if (process.env.NETDOJO_REAL_ROOT !== '1') return 'only root can start a Docker engine'
  const missing = ['dockerd', 'docker'].filter((tool) => !isInstalled(tool))
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined
}

/** Starts the engine, with an image `sleeper` whose only program is sleep. */
export async function startDocker(): Promise<void> {
  mkdirSync(`${directory}/data`, { recursive: true })
  // Its layers need a file system of their own that is no overlay.
  sh(`mount -t tmpfs netdojo ${directory}/data`)
  process.env.DOCKER_HOST = `unix://${directory}/socket`
  const engine = spawn(
    'dockerd',
    [
      ...['--data-root', `${directory}/data`, '--exec-root', `${directory}/exec`],
      ...['--pidfile', `${directory}/pid`, '--host', process.env.DOCKER_HOST],
      ...['--cgroup-parent', `netdojo-test-${process.pid}`, '--log-level', 'error'],
    ],
    { stdio: 'ignore', env: { ...process.env, PATH: searchPath() } },
  )
  engine.unref()
  const until = performance.now() + secondsToStart * 1000
  while (!succeeds('docker info')) {
    if (engine.exitCode !== null || performance.now() > until)
      throw new Error('dockerd did not start')
    await sleep(200)
  }
  const libraries = `$(ldd /bin/sleep | grep -o '/[^ ]*')`
  sh(`tar -chf - /bin/sleep ${libraries} 2>/dev/null | docker import - sleeper`)
}

/** Runs one, and answers with the path of its network namespace. */
export function dockerSleeper(name: string, ...flags: readonly string[]): string {
  sh(
    `docker run -d --name ${name} ${flags.join(' ')} --security-opt seccomp=unconfined --security-opt apparmor=unconfined sleeper /bin/sleep infinity`,
  )
  const pid = sh(`docker inspect --format '{{.State.Pid}}' ${name}`).trim()
  return `/proc/${pid}/ns/net`
}

// Starts Docker's engine in a test's sandbox: its networks are on the host of the sandbox and end with it.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isInstalled, searchPath } from '../../lib/exec/search-path.ts'
import { removeControlGroupsSoon } from './control-groups.ts'
import { sh, succeeds } from './sandbox.ts'

const directory = '/run/docker-test'
const secondsToStart = 60

/** The reason why no engine can run here, or undefined. It needs the machine's own root, not that of a sandbox. */
export function whyNoDocker(): string | undefined {
  if (process.env.NETDOJO_REAL_ROOT !== '1') return 'only root can start a Docker engine'
  const missing = ['dockerd', 'docker'].filter((tool) => !isInstalled(tool))
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined
}

// The sandbox's own /sys covers the machine's control groups, which runc needs.
const bringControlGroups = `
  umount /sys && mkdir -p ${directory}/groups && mount --rbind /sys/fs/cgroup ${directory}/groups
  mount -t sysfs netdojo /sys && mount --rbind ${directory}/groups /sys/fs/cgroup`

/** Starts the engine, with an image `sleeper` whose only program is sleep. */
export async function startDocker(): Promise<AsyncDisposable> {
  mkdirSync(`${directory}/data`, { recursive: true })
  sh(bringControlGroups)
  const group = `netdojo-test-${randomUUID()}`
  // Its layers need a file system that is not an overlay.
  sh(`mount -t tmpfs netdojo ${directory}/data`)
  process.env.DOCKER_HOST = `unix://${directory}/socket`
  const engine = spawn(
    'dockerd',
    [
      '--data-root',
      `${directory}/data`,
      '--exec-root',
      `${directory}/exec`,
      '--pidfile',
      `${directory}/pid`,
      '--host',
      process.env.DOCKER_HOST,
      '--cgroup-parent',
      group,
      '--log-level',
      'error',
    ],
    { stdio: 'ignore', env: { ...process.env, PATH: searchPath() } },
  )
  const until = performance.now() + secondsToStart * 1000
  while (!succeeds('docker info')) {
    if (engine.exitCode !== null || performance.now() > until)
      throw new Error('dockerd did not start')
    await sleep(200)
  }
  const libraries = `$(ldd /bin/sleep | grep -o '/[^ ]*')`
  sh(`tar -chf - /bin/sleep ${libraries} 2>/dev/null | docker import - sleeper`)
  return {
    async [Symbol.asyncDispose]() {
      sh('docker ps -aq | xargs -r docker rm -f; docker network prune -f')
      const ended = new Promise((resolve) => engine.once('exit', resolve))
      engine.kill('SIGTERM')
      await ended
      removeControlGroupsSoon(group)
    },
  }
}

/** Runs one container, and returns the path of its network namespace. */
export function dockerSleeper(name: string, ...flags: readonly string[]): string {
  sh(
    `docker run -d --name ${name} ${flags.join(' ')} --security-opt seccomp=unconfined --security-opt apparmor=unconfined sleeper /bin/sleep infinity`,
  )
  const pid = sh(`docker inspect --format '{{.State.Pid}}' ${name}`).trim()
  return `/proc/${pid}/ns/net`
}

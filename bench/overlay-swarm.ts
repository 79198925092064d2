// Measures Docker's swarm overlay on two machines of the same kind as those of bench/overlay.ts: from `docker run` to the first ping from the
// other machine, and the throughput of one TCP connection.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeControlGroupsSoon } from '../test/helpers/control-groups.ts'
import { whyNoDocker } from '../test/helpers/docker.ts'
import { makeWire, reaches } from '../test/helpers/machines.ts'
import { sh, succeeds } from '../test/helpers/sandbox.ts'
import { until } from '../test/helpers/until.ts'
import { median, printTable } from './table.ts'

const rounds = 5
const directory = '/run/swarm'
const group = `netdojo-bench-${randomUUID()}`

export async function swarm(throughput: (client: string, server: string, to: string) => number) {
  const reason = whyNoDocker()
  if (reason !== undefined) return console.log(`no swarm to compare with: ${reason}`)
  using wire = makeWire(2, { endpoints: () => [] })
  const engines: ChildProcess[] = []
  // The sandbox's own /sys covers the machine's control groups, which runc needs.
  mkdirSync(`${directory}/groups`, { recursive: true })
  sh(`umount /sys && mount --rbind /sys/fs/cgroup ${directory}/groups
mount -t sysfs netdojo /sys && mount --rbind ${directory}/groups /sys/fs/cgroup`)
  try {
    for (const { name } of wire.machines) engines.push(startEngine(name))
    for (const { name } of wire.machines)
      if (!(await until(() => succeeds(docker(name, 'info')), 60)))
        throw new Error(`the engine of ${name} did not start`)
    const [one, two] = wire.machines
    if (!one || !two) return
    sh(docker(one.name, `swarm init --advertise-addr ${one.address}`))
    const token = sh(docker(one.name, 'swarm join-token -q worker')).trim()
    sh(
      docker(
        two.name,
        `swarm join --token ${token} --advertise-addr ${two.address} ${one.address}:2377`,
      ),
    )
    sh(docker(one.name, 'network create -d overlay --attachable --subnet 10.99.0.0/16 wide'))
    const libraries = `$(ldd /bin/sleep | grep -o '/[^ ]*')`
    for (const { name } of wire.machines)
      sh(`tar -chf - /bin/sleep ${libraries} 2>/dev/null | ${docker(name, 'import - sleeper')}`)
    await run(one.name, 's0')
    const times: { readonly run: number; readonly ping: number }[] = []
    let last = ''
    for (let round = 1; round <= rounds; round++) {
      const from = performance.now()
      last = await run(two.name, `s${round}`)
      const returned = performance.now()
      if ((await reaches('s0', last)) === undefined) throw new Error('no answer in the swarm')
      times.push({ run: returned - from, ping: performance.now() - returned })
    }
    printTable([
      ["Docker's swarm", 'median'],
      ['docker run', `${median(times.map(({ run }) => run)).toFixed(0)} ms`],
      [
        'from its return to the first ping',
        `${median(times.map(({ ping }) => ping)).toFixed(0)} ms`,
      ],
      ['TCP, one connection', `${throughput('s0', `s${rounds}`, last).toFixed(2)} Gbit/s`],
    ])
  } finally {
    for (const { name } of wire.machines)
      succeeds(
        `${docker(name, 'ps -aq')} | xargs -r ${docker(name, 'rm -f')}; ${docker(name, 'swarm leave --force')}`,
      )
    for (const engine of engines) engine.kill('SIGTERM')
    await sleep(3000)
    removeControlGroupsSoon(group)
  }
}

function startEngine(machine: string): ChildProcess {
  const own = `${directory}/${machine}`
  mkdirSync(`${own}/data`, { recursive: true })
  const words = [
    ['--data-root', `${own}/data`],
    ['--exec-root', `${own}/exec`],
    ['--pidfile', `${own}/pid`],
    ['--host', `unix://${own}/socket`],
    ['--cgroup-parent', group],
    ['--log-level', 'error'],
  ].flat()
  // Its layers need a file system that is not an overlay. `ip netns exec` gives it a /sys of its own, without control groups.
  const line = `mount -t tmpfs netdojo ${own}/data && mount --rbind ${directory}/groups /sys/fs/cgroup && exec dockerd ${words.join(' ')}`
  return spawn('ip', ['netns', 'exec', machine, 'sh', '-c', line], {
    stdio: 'ignore',
  })
}

function docker(machine: string, line: string): string {
  return `docker --host unix://${directory}/${machine}/socket ${line}`
}

/** Runs a container, and makes its namespace known by its name. @returns its address in the network */
async function run(machine: string, name: string): Promise<string> {
  const flags = '--security-opt seccomp=unconfined --security-opt apparmor=unconfined'
  sh(docker(machine, `run -d --name ${name} --network wide ${flags} sleeper /bin/sleep infinity`))
  const format = '{{.State.Pid}} {{.NetworkSettings.Networks.wide.IPAddress}}'
  const [pid, address = ''] = sh(docker(machine, `inspect --format '${format}' ${name}`))
    .trim()
    .split(' ')
  sh(`touch /run/netns/${name} && mount --bind /proc/${pid}/ns/net /run/netns/${name}`)
  return address
}

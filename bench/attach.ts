// Measures attaching and detaching containers: netdojo, the CNI plugins and netavark take turns, each in a namespace of its own.
import { existsSync } from 'node:fs'
import { run } from '../lib/exec/run.ts'
import { isInstalled } from '../lib/exec/search-path.ts'
import { cniDirectory } from './peers/cni.ts'
import { netavarkProgram } from './peers/netavark.ts'
import { median, printTable } from './table.ts'
import { World } from './world.ts'

const few = 20
const many = Number(process.argv[2] ?? few)
const peers = {
  cni: {
    name: 'CNI bridge, host-local, portmap',
    package: 'containernetworking-plugins',
    file: `${cniDirectory}/bridge`,
  },
  netavark: { name: 'netavark', package: 'netavark', file: netavarkProgram },
} as const
const ours = { netdojo: 'netdojo, by netlink', processes: 'netdojo, a process a batch' }

/** The contenders that the command line names, or all that are installed. */
const chosen = process.argv.slice(3)
const present = await installPeers()
const names = Object.fromEntries(
  Object.entries<string>({ ...ours, ...present }).filter(
    ([contender]) => chosen.length === 0 || chosen.includes(contender),
  ),
)
const own = ['netdojo', 'processes'] as const
const small = (ours: string) => `${ours}, small`
await using stack = new AsyncDisposableStack()
const worlds = new Map<string, World>()
for (const contender of Object.keys(names))
  worlds.set(contender, stack.use(await World.start('bench/contender.ts', contender)))

for (const world of worlds.values()) await world.order('create')
const start = await inTurn('connect', range(1, few))
await Promise.all(Array.from(worlds.values(), fill))
// A new, small bridge is measured at the same time as the large one, because the speed of the machine changes from minute to minute.
if (many > few)
  for (const ours of own) {
    const world = stack.use(await World.start('bench/contender.ts', ours))
    await world.order('create')
    if (worlds.has(ours)) worlds.set(small(ours), world)
  }
const end = many > few ? await inTurn('connect', range(many - few + 1, many)) : start
const detach = await inTurn('disconnect', range(many - few + 1, many))

console.log(
  `\nmedians in milliseconds; the ratios are ours (by netlink / a process a batch) to theirs\n`,
)
const columns = [start, end, detach]
printTable([
  ['', `connect, 1 to ${few}`, `connect, around ${many}`, `disconnect, around ${many}`],
  ...Object.keys(names).map(timesOf),
  ...Object.keys(present)
    .filter((peer) => peer in names)
    .map(ratiosTo),
  ['ours to a small bridge, then', '', own.map(growth).join(' / '), ''],
])

function timesOf(contender: string): readonly string[] {
  const times = columns.map((column) => (column.get(contender) ?? Number.NaN).toFixed(1))
  return [names[contender] ?? '', ...times]
}

function ratiosTo(peer: string): readonly string[] {
  const ratios = columns.map((column) =>
    own.map((ours) => ratio(column.get(ours), column.get(peer))).join(' / '),
  )
  return [`ours to ${peer}`, ...ratios]
}

function growth(ours: string): string {
  return `${((end.get(ours) ?? Number.NaN) / (end.get(small(ours)) ?? Number.NaN)).toFixed(2)}x`
}

/** Round by round, each contender once. */
async function inTurn(
  verb: string,
  indexes: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  const times = new Map([...worlds.keys()].map((contender) => [contender, [] as number[]]))
  for (const index of indexes)
    for (const [contender, world] of worlds) {
      if (verb === 'connect') await world.addNamespace(`c${index}`)
      times.get(contender)?.push(await world.order(`${verb} ${index}`))
    }
  return new Map([...times].map(([contender, all]) => [contender, median(all)]))
}

/** Unmeasured work: all contenders at the same time, each on its own. */
async function fill(world: World): Promise<void> {
  for (const index of range(few + 1, many - few)) {
    await world.addNamespace(`c${index}`)
    await world.order(`connect ${index}`)
  }
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  return `1/${((theirs ?? Number.NaN) / (ours ?? Number.NaN)).toFixed(1)}`
}

/** Installs the peers from Debian's packages, as root. A missing peer is left out. */
async function installPeers(): Promise<Record<string, string>> {
  for (const { file, package: name } of Object.values(peers))
    if (!existsSync(file) && process.getuid?.() === 0 && isInstalled('apt-get'))
      await run('apt-get', ['install', '--yes', '--no-install-recommends', name], {
        allowFailure: true,
      })
  return Object.fromEntries(
    Object.entries(peers)
      .filter(([, { file }]) => existsSync(file))
      .map(([peer, { name }]) => [peer, name]),
  )
}

// Measures what published ports cost by their number: a new connection through the last port, and publishing one more.
import { median, printTable } from './table.ts'
import { World } from './world.ts'

const counts = [1, 1000, 10_000, 50_000]
/** With 50,000 rules, iptables takes minutes for these measurements. */
const mostForIptables = 10_000
const rounds = 7

await using stack = new AsyncDisposableStack()
const worlds = [
  {
    name: 'nft map',
    most: 50_000,
    world: stack.use(await World.start('bench/ports-host.ts', 'nftables')),
  },
  {
    name: 'iptables, a rule a port',
    most: mostForIptables,
    world: stack.use(await World.start('bench/ports-host.ts', 'iptables')),
  },
]

const rows = new Map(
  worlds.map(({ name }) => [name, { open: [] as number[], one: [] as number[] }]),
)
for (const count of counts)
  for (const { name, most, world } of worlds) {
    if (count > most) continue
    await world.order(`publish ${count}`)
    rows.get(name)?.open.push(await medianOf(() => world.order(`open ${count}`)))
    rows.get(name)?.one.push(await medianOf(() => world.order('one')))
  }

console.log('\na new connection through the last of N published ports, in µs (and to the first)\n')
printTable([['', ...counts.map(String)], ...tableOf('open', 1000)])
console.log('\na connect that publishes one port more, with N there, in ms (and to the first)\n')
printTable([['', ...counts.map(String)], ...tableOf('one', 1)])

function tableOf(column: 'open' | 'one', scale: number): readonly (readonly string[])[] {
  return Array.from(rows, ([name, values]) => [name].concat(withRatios(values[column], scale)))
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await measure())
  return median(times)
}

function withRatios(values: readonly number[], scale: number): readonly string[] {
  return counts.map((_, index) => {
    const value = values[index]
    const ratio = (value ?? Number.NaN) / (values[0] ?? Number.NaN)
    return value === undefined ? '-' : `${(value * scale).toFixed(1)} (${ratio.toFixed(2)}x)`
  })
}

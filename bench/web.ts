// Measures the page of `npm run web` with 200 nodes: the time from a change in a terminal to the messages that show it.
// `node bench/web.ts [NODES]`.
import type { Moment } from '../lib/web/moments.ts'
import { Web, type Page } from '../test/helpers/web.ts'
import { until } from '../test/helpers/until.ts'

const nodes = Number(process.argv[2] ?? 200)
const runs = 5

await using web = await Web.start(['free'])
const page = await web.page()
await page.turn('free')
await page.terminal('t', 'host')
page.type(
  't',
  `ip link add br0 up type bridge; for i in $(seq ${nodes - 2}); do ip netns add n$i; ip link add v$i up master br0 type veth peer name eth0 netns n$i; ip -n n$i addr add 10.0.0.$i/16 dev eth0; ip -n n$i link set eth0 up; done 2>/dev/null; echo bu""ilt\n`,
)
if (!(await page.shows('t', 'built', 120))) throw new Error('the network was not built')
await quiet(page)
console.log(`${nodes} nodes            state ms  layout ms  moments  kB`)
await measure('an address of a node', (turn) => `ip -n n7 addr add 10.9.0.${turn}/32 dev eth0`)
await measure('an address of the host', (turn) => `ip addr add 10.8.0.${turn}/32 dev br0`)
await measure('a rule', (turn) => `iptables -A FORWARD -s 10.7.0.${turn} -j ACCEPT`)
await measure('a device down, up', (turn) => `ip -n n8 link set eth0 ${turn % 2 ? 'down' : 'up'}`)
await measure('a sysctl', (turn) => `sysctl -qw net.ipv4.conf.all.arp_ignore=${turn % 2}`)
await measure('a new node', (turn) => `ip netns add m${turn}`)
page.close()

async function measure(name: string, line: (turn: number) => string): Promise<void> {
  const times: { state: number; layout: number; count: number; bytes: number }[] = []
  for (let turn = 1; turn <= runs; turn += 1) {
    await quiet(page)
    const before = page.moments.length
    const started = performance.now()
    let [state, layout] = [Number.NaN, Number.NaN]
    const take = (data: Buffer) => {
      const message = JSON.parse(data.toString())
      const now = performance.now() - started
      if (message.type === 'moment' && message.moment.kind === 'state') state ||= now
      if (message.type === 'moment' && message.moment.kind === 'layout') layout ||= now
    }
    page.socket.on('message', take)
    page.type('t', `${line(turn)}\n`)
    await until(() => !Number.isNaN(state), 10)
    await quiet(page)
    page.socket.off('message', take)
    const fresh: readonly Moment[] = page.moments.slice(before)
    times.push({ state, layout, count: fresh.length, bytes: JSON.stringify(fresh).length })
  }
  const median = (values: readonly number[]) =>
    values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)[
      Math.floor(values.filter((value) => !Number.isNaN(value)).length / 2)
    ] ?? Number.NaN
  const cells = [
    median(times.map(({ state }) => state)),
    median(times.map(({ layout }) => layout)),
    median(times.map(({ count }) => count)),
    median(times.map(({ bytes }) => bytes)) / 1000,
  ]
  console.log(name.padEnd(24), cells.map((cell) => cell.toFixed(0).padStart(9)).join(' '))
}

/** Waits until nothing has come for a second. */
async function quiet({ received }: Page): Promise<void> {
  for (let before = -1; before !== received.length;) {
    before = received.length
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

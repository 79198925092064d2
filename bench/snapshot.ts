// Measures a snapshot of 5 and of 200 nodes against one start of `ip` on each node, in the same run.
import { execFileSync } from 'node:child_process'
import { run } from '../lib/exec/run.ts'
import { findNodes } from '../lib/observe/nodes.ts'
import { takeSnapshot } from '../lib/observe/snapshot/take.ts'
import { inNamespaces } from '../lib/sandbox/namespaces.ts'

const sizes = [5, 200]
const runs = 3

if (process.argv[2] === 'inside') await inside()
else {
  const { program, args, env } = inNamespaces([process.execPath, import.meta.filename, 'inside'])
  execFileSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 2],
    env: { ...process.env, ...env },
  })
}

async function inside(): Promise<void> {
  console.log('nodes  snapshot, ms  one ip a node, ms  ratio')
  for (const size of sizes) {
    for (let node = findNodes().length; node < size; node += 1) await attach(node)
    const pairs: [number, number][] = []
    for (let turn = 0; turn < runs; turn += 1)
      pairs.push([await milliseconds(takeSnapshot), await milliseconds(oneEach)])
    const [snapshot, peer] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))]
    const ratio = median(pairs.map(([a, b]) => a / b))
    console.log(
      `${String(size).padStart(5)}${snapshot.toFixed(0).padStart(14)}${peer.toFixed(0).padStart(19)}${ratio.toFixed(1).padStart(7)}`,
    )
  }
}

/** A namespace on a bridge, with an address. */
async function attach(node: number): Promise<void> {
  await run('ip', ['-force', '-batch', '-'], {
    allowFailure: true,
    input: `link add br0 up type bridge
netns add n${node}
link add v${node} master br0 up type veth peer name eth0 netns n${node}
`,
  })
  await run('ip', ['-n', `n${node}`, '-batch', '-'], {
    input: `address add 10.0.${node >> 8}.${node & 255}/16 dev eth0\nlink set eth0 up\n`,
  })
}

/** The cheapest way to read every node by programs: one program each, one after the other. */
async function oneEach(): Promise<void> {
  const paths = findNodes().map(({ netns }) => netns)
  const script = 'for netns; do nsenter --net="$netns" ip -json address show; done >/dev/null'
  await run('sh', ['-c', script, 'sh', ...paths])
}

async function milliseconds(body: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await body()
  return performance.now() - started
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

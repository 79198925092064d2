// Follows the packets of a command through all nodes: starts listening, lets the command run, and reads what the kernel tells.
//
// When the command starts, every frame is heard and every hook traced; when it has ended, what was still under way is waited for.
// Nothing stays: the tables belong to processes that end with us, and the listener too.
import { run } from '../../exec/run.ts'
import { nodeOf, type ObservedNode } from '../nodes.ts'
import { startPacketListener, type Frame } from '../capture/packet-listener.ts'
import { enteredBy, isTrusted, targetsOf } from './command-line.ts'
import { readConnections } from './connections.ts'
import { counterFiles, readCounters } from './counters.ts'
import type { Journey } from './journey.ts'
import { readNodeState, type NodeState, type RuleSource } from './node-state.ts'
import type { Traced } from './passes.ts'
import { askRoutes, type RouteAnswers } from './route-answers.ts'
import { readLegacy } from './rules.ts'
import { tellJourney } from './tell.ts'
import { readTraceMessage } from './trace-message.ts'
import { traceOn, traceTable } from './trace-table.ts'
import type { Before, Evidence } from './world.ts'

export type FollowOptions = {
  readonly nodes: readonly ObservedNode[]
  /** The name of the node on which the command runs. */
  readonly from: string
  readonly command: string
  /** Whether exit code 0 means that it was answered; read from the command's program unless told. */
  readonly trusted?: boolean
  /** Runs it. */
  readonly run: () => Promise<{ readonly exitCode: number | null; readonly stderr: string }>
  /** Bytes kept of each frame; enough for all headers unless told. */
  readonly snapLength?: number
}

export type Followed = {
  readonly journey: Journey
  readonly evidence: Evidence
  readonly answers: RouteAnswers
}

/** Two Ethernet frames, one in the other, with all headers of IPv6. */
const headers = 200

/** @throws NetdojoError when the kernel does not let us listen, and what `run` throws. */
export async function follow(options: FollowOptions): Promise<Followed> {
  const { nodes, command } = options
  const entered = enteredBy(command)
  const from = (entered && nodeOf(nodes, entered.netns)?.name) ?? options.from
  const frames: Frame[] = []
  const traced: Traced[] = []
  const listening = startPacketListener(nodes, {
    snapLength: options.snapLength ?? headers,
    onFrame: (frame) => frames.push(frame),
    onTrace: (node, bytes) => {
      const message = readTraceMessage(bytes)
      if (message) traced.push({ node, message })
    },
  })
  // It is awaited below, after what may take longer.
  listening.catch(() => {})
  const tracing = nodes.map(traceOn)
  let ran: Awaited<ReturnType<FollowOptions['run']>>
  let before: ReadonlyMap<string, Before>
  let lost: readonly string[] = []
  let removed: Promise<unknown>
  try {
    before = new Map(await Promise.all(nodes.map(readBefore)))
    await Promise.all([listening, ...tracing])
    ran = await options.run()
  } finally {
    lost = await listening.then(
      (listener) => listener.stop(),
      () => [],
    )
    removed = Promise.all(tracing.map(takeAway))
  }
  // The kernel takes as long to remove the tables as we to read all the rest.
  const [states] = await Promise.all([
    Promise.all(nodes.map((node) => readNodeState(node, sourcesOf(node, traced)))),
    removed,
  ])
  const evidence: Evidence = {
    from,
    command,
    exitCode: ran.exitCode,
    said: ran.stderr,
    targets: targetsOf(command),
    trusted: options.trusted ?? isTrusted(command),
    frames,
    traced,
    before,
    after: new Map(states.map((state) => [state.node, state])),
    lost,
  }
  return tell(nodes, evidence)
}

async function tell(
  nodes: readonly ObservedNode[],
  evidence: Evidence,
  answers: RouteAnswers = new Map(),
  rounds = 6,
): Promise<Followed> {
  const { journey, questions, unread } = tellJourney(evidence, answers)
  if ((questions.length === 0 && unread.size === 0) || rounds === 1)
    return { journey, evidence, answers }
  const wanted = nodes.filter(({ name }) => unread.has(name))
  const [asked, states] = await Promise.all([
    askRoutes(nodes, questions),
    Promise.all(wanted.map((node) => readNodeState(node, everySource))),
  ])
  const after = new Map<string, NodeState>(evidence.after)
  for (const state of states) after.set(state.node, state)
  // An answer can lead to another question, as that to a drop does.
  return tell(nodes, { ...evidence, after }, new Map([...answers, ...asked]), rounds - 1)
}

async function readBefore({ name, netns }: ObservedNode): Promise<readonly [string, Before]> {
  const { stdout } = await run('sh', ['-c', script], { netns, input: '', allowFailure: true })
  const [counters = '', connections = '', legacy = '', legacy6 = '', devices = '', qdiscs = ''] =
    stdout.split(/^=== next$/m)
  const before = {
    counters: readCounters(counters),
    connections: readConnections(connections),
    legacy: [...readLegacy(legacy, 'iptables-legacy'), ...readLegacy(legacy6, 'ip6tables-legacy')],
    dropped: { ...readDropped(devices), ...readQdiscDrops(qdiscs) },
  }
  return [name, before]
}

const script = `
cat ${counterFiles}; echo '=== next'
count=0; read -r count </proc/sys/net/netfilter/nf_conntrack_count
[ "$count" = 0 ] || conntrack -L -o extended
echo '=== next'
if read -r any </proc/net/ip_tables_names; then iptables-legacy-save -c; fi
echo '=== next'
if read -r any </proc/net/ip6_tables_names; then ip6tables-legacy-save -c; fi
echo '=== next'
cat /proc/net/dev
echo '=== next'
tc -s qdisc show
`

/** /proc/net/dev: the fourth column is what was dropped on the way in, the twelfth on the way out. */
function readDropped(text: string): Before['dropped'] {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [name, numbers] = line.split(':')
      const columns = numbers?.trim().split(/\s+/).map(Number)
      if (!name || !columns || Number.isNaN(columns[0])) return []
      const device = name.trim()
      return [
        [`rx ${device}`, columns[3] ?? 0],
        [`tx ${device}`, columns[11] ?? 0],
      ]
    }),
  )
}

/** `qdisc tbf 8001: dev eth0 root …`, and below it `Sent … (dropped 3, …)`. */
function readQdiscDrops(text: string): Before['dropped'] {
  const drops: Record<string, number> = {}
  let device = ''
  for (const line of text.split('\n')) {
    device = /^qdisc .* dev (\S+)/.exec(line)?.[1] ?? device
    const dropped = /\(dropped (\d+),/.exec(line)?.[1]
    if (dropped === undefined) continue
    const key = `qdisc ${device}`
    drops[key] = (drops[key] ?? 0) + Number(dropped)
  }
  return drops
}

const everySource: ReadonlySet<RuleSource> = new Set(['nft', 'iptables', 'ip6tables'])

/** Whose rules were met: without any, no rules need be read. */
function sourcesOf({ name }: ObservedNode, traced: readonly Traced[]): ReadonlySet<RuleSource> {
  const met = traced.filter(({ node, message }) => node === name && message.table !== traceTable)
  const sources = new Set<RuleSource>()
  for (const { message } of met) {
    sources.add('nft')
    if (message.family === 'ip') sources.add('iptables')
    if (message.family === 'ip6') sources.add('ip6tables')
  }
  return sources
}

async function takeAway(tracing: Promise<AsyncDisposable>): Promise<void> {
  const table = await tracing.catch(() => undefined)
  await table?.[Symbol.asyncDispose]()
}

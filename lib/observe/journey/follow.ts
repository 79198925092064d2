// Follows the packets of a command through all nodes: starts listening, lets the command run, and reads what the kernel tells.
//
// When the command starts, every frame is heard and every hook traced; when it has ended, what was still under way is waited for.
// Nothing stays: the tables belong to processes that end with us, and the listener too.
import { run } from '../../exec/run.ts'
import type { ObservedNode } from '../nodes.ts'
import { startPacketListener, type Frame } from '../capture/packet-listener.ts'
import { readConnections } from './connections.ts'
import { readCounters } from './counters.ts'
import type { Journey } from './journey.ts'
import { readNodeState, type RuleSource } from './node-state.ts'
import type { Traced } from './passes.ts'
import { askRoutes, type RouteAnswers } from './route-answers.ts'
import { readLegacyRules } from './rules.ts'
import { tellJourney } from './tell.ts'
import { targetsOf } from './targets.ts'
import { readTraceMessage } from './trace-message.ts'
import { traceOn, traceTable } from './trace-table.ts'
import type { Before, Evidence } from './world.ts'

export type FollowOptions = {
  readonly nodes: readonly ObservedNode[]
  /** The name of the node on which the command runs. */
  readonly from: string
  readonly command: string
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

const headers = 160

/** @throws NetdojoError when the kernel does not let us listen, and what `run` throws. */
export async function follow(options: FollowOptions): Promise<Followed> {
  const { nodes, from, command } = options
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
    frames,
    traced,
    before,
    after: new Map(states.map((state) => [state.node, state])),
    lost,
  }
  return { ...(await tell(nodes, evidence)), evidence }
}

async function tell(nodes: readonly ObservedNode[], evidence: Evidence) {
  let answers: RouteAnswers = new Map()
  // An answer can lead to another question, as that to a drop does.
  for (let round = 0; ; round += 1) {
    const { journey, questions } = tellJourney(evidence, answers)
    if (questions.length === 0 || round === 3) return { journey, answers }
    answers = new Map([...answers, ...(await askRoutes(nodes, questions))])
  }
}

async function readBefore({ name, netns }: ObservedNode): Promise<readonly [string, Before]> {
  const { stdout } = await run('sh', ['-c', script], { netns, input: '', allowFailure: true })
  const [counters = '', connections = '', legacy = ''] = stdout.split(/^=== next$/m)
  const before = {
    counters: readCounters(counters),
    connections: readConnections(connections),
    legacy: readLegacyRules(legacy),
  }
  return [name, before]
}

const script = `
cat /proc/net/snmp /proc/net/netstat; echo '=== next'
count=0; read -r count </proc/sys/net/netfilter/nf_conntrack_count
[ "$count" = 0 ] || conntrack -L -o extended
echo '=== next'
if read -r any </proc/net/ip_tables_names; then iptables-legacy-save -c; fi
`

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

// Follows the packets of a command through all nodes: starts listening, runs the command, and reads the kernel's state.
//
// When the command starts, every frame is heard and every hook traced; when it has ended, what was still under way is waited for.
// Nothing stays: the tables belong to processes that end with us, and the listener too.
import { NetdojoError, commandFor } from '../../errors.ts'
import { allParts, readNodeStates, type Part } from '../../kernel/state/read.ts'
import type { NodeState } from '../../kernel/state/state.ts'
import { run } from '../../exec/run.ts'
import { nodeOf, type ObservedNode } from '../nodes.ts'
import { startPacketListener, type Frame } from '../capture/packet-listener.ts'
import { enteredBy, isTrusted, targetsOf } from './command-line.ts'
import type { Journey } from './journey.ts'
import { connectionOf, journeyState } from './node-state.ts'
import type { Traced } from './passes.ts'
import { askRoutes, type RouteAnswers } from './route-answers.ts'
import { legacyRules } from './rules.ts'
import { reconstructJourney } from './reconstruct.ts'
import { readTraceMessage } from './trace-message.ts'
import { isTraceTable, newTraceTable, traceOn, traceTable } from './trace-table.ts'
import type { Before, Evidence } from './world.ts'

export type FollowOptions = {
  readonly nodes: readonly ObservedNode[]
  /** The name of the node on which the command runs. */
  readonly from: string
  readonly command: string
  /** Whether exit code 0 means that it was answered; by default it depends on the command's program. */
  readonly trusted?: boolean
  /** Runs it. */
  readonly run: () => Promise<{ readonly exitCode: number | null; readonly stderr: string }>
  /** Bytes kept of each frame; the default is enough for all headers. */
  readonly snapLength?: number
}

export type Followed = {
  readonly journey: Journey
  readonly evidence: Evidence
  readonly answers: RouteAnswers
}

/** Of a flood, the rest is not kept: it takes memory, and a journey tells the ways of its first packets only. */
const [mostFrames, mostTraces] = [50_000, 100_000]

/** Two Ethernet frames, one in the other, with all headers of IPv6. */
const headers = 200

/** @throws NetdojoError when the kernel does not let us listen, and what `run` throws. */
export async function follow(options: FollowOptions): Promise<Followed> {
  const { nodes, command } = options
  const entered = enteredBy(command)
  const from = (entered && nodeOf(nodes, entered.netns)?.name) ?? options.from
  const frames: Frame[] = []
  const traced: Traced[] = []
  const table = newTraceTable()
  const left = new Set<string>()
  const listening = startPacketListener(nodes, {
    snapLength: options.snapLength ?? headers,
    onFrame: (frame) => {
      if (frames.length < mostFrames) frames.push(frame)
      else left.add(frame.node)
    },
    onTrace: (node, bytes) => {
      if (traced.length >= mostTraces) return void left.add(node)
      const message = readTraceMessage(bytes)
      if (message?.table === table)
        traced.push({ node, message: { ...message, table: traceTable } })
      // Another trace may run at the same time.
      else if (message && !isTraceTable(message.table)) traced.push({ node, message })
    },
  })
  // It is awaited below, after what may take longer.
  listening.catch(() => {})
  const tracing = nodes.map((node) => traceOn(node, table))
  let ran: Awaited<ReturnType<FollowOptions['run']>>
  let before: ReadonlyMap<string, Before>
  let lost: readonly string[]
  let after: readonly NodeState[]
  let removed: Promise<unknown>
  try {
    before = new Map((await readStates(nodes, counted)).map(beforeOf))
    await Promise.all([listening, ...tracing])
    ran = await options.run()
    lost = [...left.union(new Set(await (await listening).stop()))]
    // Before the tables go: nft waits at its end until the kernel has freed what anybody removed.
    after = await readStates(nodes, allParts)
  } finally {
    void listening.then(
      (listener) => listener.stop(),
      () => [],
    )
    removed = Promise.all(tracing.map(takeAway))
  }
  const evidence: Evidence = {
    from,
    command,
    exitCode: ran.exitCode,
    stderr: ran.stderr,
    targets: targetsOf(command),
    trusted: options.trusted ?? isTrusted(command),
    frames,
    traced,
    before,
    after: new Map(after.map((state) => [state.name, journeyState(state)])),
    lost,
  }
  const [journey] = await Promise.all([reconstruct(nodes, evidence), removed])
  return journey
}

async function reconstruct(
  nodes: readonly ObservedNode[],
  evidence: Evidence,
  answers: RouteAnswers = new Map(),
  rounds = 6,
): Promise<Followed> {
  const { journey, questions, wantsPorts } = reconstructJourney(evidence, answers)
  if ((questions.length === 0 && !wantsPorts) || rounds === 1) return { journey, evidence, answers }
  const asked = await askRoutes(nodes, questions)
  const known = wantsPorts
    ? { ...evidence, ports: await readPorts(nodes, evidence.from) }
    : evidence
  // An answer can lead to another question, as that to a drop does.
  return reconstruct(nodes, known, new Map([...answers, ...asked]), rounds - 1)
}

/** The local ports of all TCP sockets of the node, connected or waiting. */
async function readPorts(nodes: readonly ObservedNode[], from: string): Promise<readonly number[]> {
  const netns = nodes.find(({ name }) => name === from)?.netns
  const { stdout } = await run('ss', ['-Hatn'], { netns, input: '', allowFailure: true })
  return stdout.split('\n').flatMap((line) => {
    const port = /:(\d+)$/.exec(line.trim().split(/\s+/)[3] ?? '')?.[1]
    return port === undefined ? [] : [Number(port)]
  })
}

/** @throws NetdojoError `not-permitted` for a node of which nothing can be read */
async function readStates(
  nodes: readonly ObservedNode[],
  parts: readonly Part[],
): Promise<readonly NodeState[]> {
  const { states, unread } = await readNodeStates(nodes, parts)
  const failed = unread.find(({ what }) => what === 'all')
  if (!failed) return states
  throw new NetdojoError({
    code: 'not-permitted',
    operation: 'look at',
    object: `the node ${failed.node}`,
    reason: failed.reason,
    advice: [`run it as root, or in namespaces of your own: ${commandFor.shell}`],
  })
}

const counted: readonly Part[] = ['counters', 'connections', 'legacy', 'statistics']

function beforeOf({ name, counters, connections, chains, links, qdiscs }: NodeState) {
  const dropped: Record<string, number> = {}
  for (const { name: device, statistics } of links) {
    dropped[`rx ${device}`] = statistics?.receiveDropped ?? 0
    dropped[`tx ${device}`] = statistics?.sendDropped ?? 0
  }
  for (const { link, kind, drops } of qdiscs) {
    const key = `qdisc ${link} ${kind}`
    dropped[key] = (dropped[key] ?? 0) + drops
  }
  const before: Before = {
    counters,
    connections: connections.map(connectionOf),
    legacy: legacyRules(chains),
    dropped,
  }
  return [name, before] as const
}

async function takeAway(tracing: Promise<Disposable>): Promise<void> {
  const tables = await tracing.catch(() => undefined)
  tables?.[Symbol.dispose]()
}

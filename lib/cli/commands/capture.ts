// Captures the packets on nodes and interfaces until Ctrl-C, and prints one line per packet or writes pcapng for Wireshark.
import { Decoder } from '../../observe/capture/decoder.ts'
import { compileFilter } from '../../observe/capture/filter.ts'
import { InOrder } from '../../observe/capture/in-order.ts'
import { startPacketListener, type Frame } from '../../observe/capture/packet-listener.ts'
import { findNode, findNodes, type ObservedNode } from '../../observe/nodes.ts'
import { quoted, usageError } from '../shared/errors.ts'
import { openPcap } from '../shared/pcap-file.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { CommandFile } from '../shared/command.ts'

type Options = {
  readonly filter?: string
  readonly write?: string
  readonly count?: string
}

export const capture: CommandFile = {
  define: (command) => {
    command
      .argument('[node...]', 'nodes, or interfaces of nodes: ns1, host:eth0 (default: all nodes)')
      .option('-f, --filter <expression>', "only these packets: 'icmp', 'tcp port 80'")
      .option('-w, --write <file>', 'write pcapng to a file; - is standard output')
      .option('-c, --count <n>', 'end after so many packets')
      .addHelpText('after', after)
  },
  run: captureUntilInterrupted,
}

const after = `
Examples:
  netdojo capture host outside:wan
  netdojo capture host ns1 -w - | wireshark -k -i -

→ leaves the node, ← arrives at it.`

type Target = { readonly node: string; readonly interface: string | undefined }
type Sink = { readonly frame: (frame: Frame) => void; readonly end: () => Promise<void> }

const wholeFrames = 65535

async function captureUntilInterrupted(
  terminal: Terminal,
  targets: readonly string[],
  options: Options,
): Promise<void> {
  const all = findNodes()
  const wanted = targets.map((text) => targetOf(all, text))
  const nodes =
    wanted.length === 0 ? all : all.filter(({ name }) => wanted.some(({ node }) => node === name))
  const isWanted = ({ node, interface: name }: Frame) =>
    wanted.length === 0 ||
    wanted.some((target) => target.node === node && (target.interface ?? name) === name)
  const limit = countOf(options.count)
  await noteMissing(terminal, nodes, wanted)
  const filter = options.filter === undefined ? undefined : await compileFilter(options.filter)
  const sink = options.write === undefined ? lines(terminal) : pcapng(options.write, terminal)
  let seen = 0
  let finish = () => {}
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const ordered = new InOrder((frame) => {
    if (seen === limit) return
    seen += 1
    sink.frame(frame)
    if (seen === limit) finish()
  })
  const listener = await startPacketListener(nodes, {
    snapLength: wholeFrames,
    onFrame: (frame) => {
      if (isWanted(frame)) ordered.add(frame)
    },
    ...(filter === undefined ? {} : { filter }),
  })
  terminal.writeError(`listening on ${nodes.map(({ name }) => name).join(', ')}; Ctrl-C ends\n`)
  process.once('SIGINT', finish).once('SIGTERM', finish)
  await Promise.race([finished, listener.ended])
  const lost = await listener.stop()
  ordered.flush()
  await sink.end()
  if (lost.length > 0)
    terminal.writeError(
      `netdojo: packets of ${lost.join(', ')} were lost: they came faster than they could be read\n`,
    )
}

function targetOf(nodes: readonly ObservedNode[], text: string): Target {
  const [node = '', name] = text.split(':')
  return { node: findNode(nodes, node).name, interface: name }
}

/** An interface may be created later, but a wrong name would wait forever without this note. */
async function noteMissing(
  terminal: Terminal,
  nodes: readonly ObservedNode[],
  wanted: readonly Target[],
): Promise<void> {
  const named = wanted.filter((target) => target.interface !== undefined)
  if (named.length === 0) return
  const { readNodeStates } = await import('../../kernel/state/read.ts')
  const { states } = await readNodeStates(nodes, [])
  for (const { node, interface: name = '' } of named) {
    const links = states.find((state) => state.name === node)?.links.map((link) => link.name)
    if (links?.includes(name) === false)
      terminal.writeError(
        `netdojo: the node ${node} has no interface ${quoted(name)} yet; it has ${links.join(', ')}\n`,
      )
  }
}

function countOf(text: string | undefined): number {
  if (text === undefined) return Infinity
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw usageError(`--count must be a positive whole number, not ${quoted(text)}`)
}

/** Prints the lines in the order of the packets: several programs decode them, and each takes its own time. */
function lines(terminal: Terminal): Sink {
  const decoder = new Decoder()
  let start: bigint | undefined
  let last = Promise.resolve()
  return {
    frame: (frame) => {
      start ??= frame.at
      const at = frame.at - start
      const decoded = decoder.decode(frame)
      last = last.then(async () => terminal.write(`${packetLine(frame, at, await decoded)}\n`))
    },
    end: async () => {
      await decoder.end()
      await last
    },
  }
}

function pcapng(file: string, terminal: Terminal): Sink {
  const { writer, close } = openPcap(file, terminal)
  return { frame: (frame) => writer.frame(frame), end: async () => close() }
}

const placeColumn = 15

/** `   0.000123  ns1:eth0        → 172.18.0.2 > …`; `at` is in nanoseconds since the first packet. */
function packetLine({ node, interface: name, direction }: Frame, at: bigint, what: string): string {
  const seconds = (Number(at) / 1e9).toFixed(6).padStart(10)
  const place = `${node}:${name}`.padEnd(placeColumn)
  return `${seconds}  ${place} ${direction === 'in' ? '←' : '→'} ${what}`
}

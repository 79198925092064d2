// `netdojo capture`: what passes the interfaces of nodes, live: a line a packet, or pcapng for Wireshark.
import { Command, Option } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { Decoder } from '../../observe/capture/decoder.ts'
import { compileFilter } from '../../observe/capture/filter.ts'
import { InOrder } from '../../observe/capture/in-order.ts'
import { type ObservedNode, findNode, findNodes } from '../../observe/nodes.ts'
import { packetLine } from '../../observe/capture/packet-line.ts'
import { type Frame, startPacketListener } from '../../observe/capture/packet-listener.ts'
import { endWith, exitCodes } from '../shared/errors.ts'
import { openPcap } from '../shared/pcap-file.ts'

type Options = {
  readonly filter?: string
  readonly write?: string
  readonly count?: string
}

export function captureCommand(): Command {
  return new Command('capture')
    .description('show what passes the interfaces of nodes, a line a packet, until Ctrl-C')
    .argument('[place...]', 'a node or one of its interfaces: ns1, host:eth0; all unless told')
    .addOption(new Option('-f, --filter <expression>', "only some: 'icmp', 'tcp port 80'"))
    .addOption(
      new Option('-w, --write <file>', 'write pcapng instead; - is standard output, for Wireshark'),
    )
    .addOption(new Option('-c, --count <n>', 'end after so many packets'))
    .addHelpText('after', after)
    .action(async (places: readonly string[], options: Options) => {
      endWith(await capture(places, options))
    })
}

const after = `
Examples:
  netdojo capture host outside:wan
  netdojo capture host ns1 -w - | wireshark -k -i -

→ leaves the node, ← arrives at it.`

type Place = { readonly node: string; readonly interface: string | undefined }
type Sink = { readonly frame: (frame: Frame) => void; readonly end: () => Promise<void> }

async function capture(places: readonly string[], options: Options): Promise<number> {
  const all = findNodes()
  const wanted = places.map((text) => placeOf(all, text))
  const nodes =
    wanted.length === 0 ? all : all.filter(({ name }) => wanted.some(({ node }) => node === name))
  const isWanted = ({ node, interface: name }: Frame) =>
    wanted.length === 0 ||
    wanted.some((place) => place.node === node && (place.interface ?? name) === name)
  const limit = countOf(options.count)
  const filter = options.filter === undefined ? undefined : await compileFilter(options.filter)
  const sink = options.write === undefined ? lines() : pcapng(options.write)
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
    snapLength: 65535,
    onFrame: (frame) => {
      if (isWanted(frame)) ordered.add(frame)
    },
    ...(filter === undefined ? {} : { filter }),
  })
  process.stderr.write(`listening on ${nodes.map(({ name }) => name).join(', ')}; Ctrl-C ends\n`)
  process.once('SIGINT', finish).once('SIGTERM', finish)
  await Promise.race([finished, listener.ended])
  const lost = await listener.stop()
  ordered.flush()
  await sink.end()
  if (lost.length > 0)
    process.stderr.write(`too much passed: packets of ${lost.join()} are missing\n`)
  return exitCodes.held
}

function placeOf(nodes: readonly ObservedNode[], text: string): Place {
  const [node = '', name] = text.split(':')
  return { node: findNode(nodes, node).name, interface: name }
}

function countOf(text: string | undefined): number {
  if (text === undefined) return Infinity
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new NetdojoError({
    code: 'usage',
    operation: 'count',
    object: `to ${text}`,
    reason: 'it is a number of packets, from 1',
  })
}

/** The lines come in the order of the packets, whichever tcpdump is first. */
function lines(): Sink {
  const decoder = new Decoder()
  let start: bigint | undefined
  let last = Promise.resolve()
  return {
    frame: (frame) => {
      start ??= frame.at
      const at = frame.at - start
      const decoded = decoder.decode(frame)
      last = last.then(async () => console.log(packetLine(frame, at, await decoded)))
    },
    end: async () => {
      await decoder.end()
      await last
    },
  }
}

function pcapng(file: string): Sink {
  const { writer, close } = openPcap(file)
  return { frame: (frame) => writer.frame(frame), end: async () => close() }
}

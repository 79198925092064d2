// Starts the witness (witness.pl) over some nodes and reads what it tells: from the return of `startWitness` to that of `stop`,
// nothing that passes an interface of theirs is missed, unless `lost` says so.
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { background } from '../../exec/background.ts'
import type { ObservedNode } from './nodes.ts'

export type Frame = {
  readonly node: string
  /** Nanoseconds since 1970: the kernel's own stamp. */
  readonly at: bigint
  /** The interface's index on the node. */
  readonly ifindex: number
  readonly direction: 'in' | 'out'
  /** Whether it is addressed to somebody else: only what listens to everything sees it. */
  readonly otherHost: boolean
  readonly hardware: number
  /** On the wire; `bytes` may be fewer. */
  readonly length: number
  readonly bytes: Buffer
}

export type WitnessOptions = {
  /** Bytes kept of each frame. */
  readonly snapLength: number
  readonly onFrame: (frame: Frame) => void
  /** Called with each netlink message of nftables' trace; without it, none is asked for. */
  readonly onTrace?: (node: string, message: Buffer) => void
  /** A file with a filter in the form of `tcpdump -ddd`. */
  readonly filterFile?: string
}

export type Witness = {
  /** Waits for all that is under way. @returns the nodes whose kernel had more to tell than there was room for. */
  readonly stop: () => Promise<readonly string[]>
  /** Rejected when the witness dies early. */
  readonly ended: Promise<unknown>
}

/** @throws NetdojoError `not-permitted` when the kernel does not let us listen. */
export async function startWitness(
  nodes: readonly ObservedNode[],
  options: WitnessOptions,
): Promise<Witness> {
  const { snapLength, onTrace, filterFile = '' } = options
  const lost = new Set<string>()
  let ready = () => {}
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  const read = (line: string) => {
    const [kind, index, ...fields] = line.split(' ')
    const node = nodes[Number(index)]?.name ?? ''
    if (kind === 'F') options.onFrame(frame(node, fields))
    else if (kind === 'T') onTrace?.(node, Buffer.from(fields[0] ?? '', 'hex'))
    else if (kind === 'L') lost.add(node)
    else if (kind === 'ready') ready()
  }
  const script = join(import.meta.dirname, 'witness.pl')
  const settings = [String(snapLength), onTrace ? '1' : '0', filterFile]
  const perl = background('perl', [script, ...settings, ...nodes.map(({ netns }) => netns)], read)
  const ended = perl.ended.then(({ exitCode, stderr }) => {
    if (exitCode !== 0) throw refused(stderr)
  })
  ended.catch(() => {})
  await Promise.race([isReady, ended])
  return {
    ended,
    stop: async () => {
      perl.write('stop\n')
      await ended
      return [...lost]
    },
  }
}

/** PACKET_OUTGOING and PACKET_OTHERHOST: packet(7). */
const [outgoing, otherHost] = ['4', '3']

function frame(node: string, fields: readonly string[]): Frame {
  const [time = '', ifindex, type, hardware, length, hex = ''] = fields
  return {
    node,
    at: BigInt(time.replace('.', '')),
    ifindex: Number(ifindex),
    direction: type === outgoing ? 'out' : 'in',
    otherHost: type === otherHost,
    hardware: Number(hardware),
    length: Number(length),
    bytes: Buffer.from(hex, 'hex'),
  }
}

function refused(stderr: string): NetdojoError {
  return new NetdojoError({
    code: 'not-permitted',
    operation: 'listen to',
    object: 'the packets of the world',
    reason: stderr.trim() || 'the program that listens ended early',
    advice: ['only root may: inside npm run shell you are'],
  })
}

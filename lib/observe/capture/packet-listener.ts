// Starts the packet listener (packet-listener.pl) over some nodes and reads what it tells: from the return of `startPacketListener` to that of `stop`,
// nothing that passes an interface of theirs is missed, unless `lost` says so.
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { spawnDaemon } from '../../exec/daemon.ts'
import type { ObservedNode } from '../nodes.ts'

export type Frame = {
  readonly node: string
  /** Nanoseconds since 1970: the kernel's own stamp. */
  readonly at: bigint
  /** The interface's index on the node. */
  readonly ifindex: number
  readonly interface: string
  readonly direction: 'in' | 'out'
  /** Whether it is addressed to somebody else: only what listens to everything sees it. */
  readonly otherHost: boolean
  readonly hardware: number
  /** On the wire; `bytes` may be fewer. */
  readonly length: number
  readonly bytes: Buffer
}

export type PacketListenerOptions = {
  /** Bytes kept of each frame. */
  readonly snapLength: number
  readonly onFrame: (frame: Frame) => void
  /** Called with each netlink message of nftables' trace; without it, none is asked for. */
  readonly onTrace?: (node: string, message: Buffer) => void
  /** A filter as `tcpdump -ddd` prints it: see filter.ts. */
  readonly filter?: string
}

export type PacketListener = {
  /** Waits for all that is under way now. */
  readonly sync: () => Promise<void>
  /**
   * Waits for all that is under way; the program ends after that, since the kernel takes some 20 ms to close each of its sockets.
   * @returns the nodes whose kernel had more to tell than there was room for.
   */
  readonly stop: () => Promise<readonly string[]>
  /** Rejected when the packet listener dies early. */
  readonly ended: Promise<unknown>
}

/** @throws NetdojoError `not-permitted` when the kernel does not let us listen. */
export async function startPacketListener(
  nodes: readonly ObservedNode[],
  options: PacketListenerOptions,
): Promise<PacketListener> {
  const { snapLength, onTrace, filter = '' } = options
  const lost = new Set<string>()
  let ready = () => {}
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  let synced = () => {}
  const read = (line: string) => {
    const [kind, index, ...fields] = line.split(' ')
    const node = nodes[Number(index)]?.name ?? ''
    if (kind === 'F') options.onFrame(frame(node, fields))
    else if (kind === 'T') onTrace?.(node, Buffer.from(fields[0] ?? '', 'hex'))
    else if (kind === 'L') lost.add(node)
    else if (kind === 'ready') ready()
    else if (kind === 'synced' || kind === 'end') synced()
  }
  const script = join(import.meta.dirname, 'packet-listener.pl')
  const settings = [String(snapLength), onTrace ? '1' : '0', filter]
  const perl = spawnDaemon('perl', [script, ...settings, ...nodes.map(({ netns }) => netns)], {
    input: 'pipe',
    output: read,
  })
  const ended = perl.ended.then(({ exitCode, stderr }) => {
    if (exitCode !== 0) throw refused(stderr)
    return exitCode
  })
  ended.catch(() => {})
  await Promise.race([isReady, ended])
  return {
    ended,
    sync: async () => {
      const told = new Promise<void>((resolve) => (synced = resolve))
      perl.write('sync\n')
      await Promise.race([told, ended])
    },
    stop: async () => {
      const told = new Promise<void>((resolve) => (synced = resolve))
      perl.write('stop\n')
      await Promise.race([told, ended])
      return [...lost]
    },
  }
}

/** PACKET_OUTGOING and PACKET_OTHERHOST: packet(7). */
const [outgoing, otherHost] = ['4', '3']

function frame(node: string, fields: readonly string[]): Frame {
  const [time = '', ifindex, name = '', type, hardware, length, hex = ''] = fields
  return {
    node,
    at: BigInt(time.replace('.', '')),
    ifindex: Number(ifindex),
    interface: name,
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
    advice: /permitted|denied/i.test(stderr) ? ['only root may: inside npm run shell you are'] : [],
  })
}

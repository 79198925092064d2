// Captures of several nodes: nothing missed between start and stop, decoded lines in order, and a file that tcpdump and our own parser read.
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { Decoder } from '../../../lib/observe/capture/decoder.ts'
import { dissectFrame } from '../../../lib/observe/capture/dissect.ts'
import { compileFilter } from '../../../lib/observe/capture/filter.ts'
import { inOrder } from '../../../lib/observe/capture/in-order.ts'
import { findNodes, ownNode } from '../../../lib/observe/nodes.ts'
import { PcapngWriter } from '../../../lib/observe/capture/pcapng.ts'
import { startPacketListener, type Frame } from '../../../lib/observe/capture/packet-listener.ts'
import { rejects } from '../../helpers/expect.ts'
import { sandboxSuite, sh } from '../../helpers/sandbox.ts'

async function captured(line: string, filter?: string): Promise<readonly Frame[]> {
  const frames: Frame[] = []
  const listener = await startPacketListener(findNodes(), {
    snapLength: 65535,
    onFrame: (frame) => frames.push(frame),
    ...(filter === undefined ? {} : { filter: await compileFilter(filter) }),
  })
  // The kernel begins to stamp packets a moment after it was asked (net_enable_timestamp, by a work queue). A packet without a stamp
  // gets the time at which it is read, and would be sorted behind its successors.
  await sleep(300)
  sh(line)
  assert.equal(await listener.stop(), [])
  return inOrder(frames)
}

const ping = 'ping -qc1 -W1 203.0.113.1'

sandboxSuite('capture', (test) => {
  sh(ping)

  test('nodes: the host, and what ip netns knows; we are on the host', () => {
    assert.equal(
      findNodes().map(({ name }) => name),
      ['host', 'outside'],
    )
    assert.is(ownNode(findNodes()).name, 'host')
  })

  test('each packet on each interface, with its direction, in the order of the kernel', async () => {
    const frames = await captured(ping, 'icmp')
    assert.equal(
      frames.map(({ node, interface: name, direction }) => `${node} ${direction} ${name}`),
      ['host out eth0', 'outside in wan', 'outside out wan', 'host in eth0'],
    )
    const packets = frames.map(({ bytes, hardware }) => dissectFrame(bytes, hardware).ip)
    assert.equal(
      packets.map((packet) => packet?.icmp?.name),
      ['echo request', 'echo request', 'echo reply', 'echo reply'],
    )
    assert.is(packets[0]?.key, packets[1]?.key)
    assert.is.not(packets[0]?.key, packets[2]?.key)
  })

  test('what is sent just before the end is not missed', async () => {
    const line = 'for i in 1 2 3 4 5; do ping -qc1 -W1 203.0.113.1 & done; wait'
    const frames = await captured(line, 'icmp[icmptype] == icmp-echo')
    assert.is(frames.length, 10)
  })

  test('a filter that is none is refused in the words of tcpdump', async () => {
    const error = await rejects('usage', compileFilter('bogus(('))
    assert.match(error.reason, /syntax error/)
  })

  test('decoded: one line each, short', async () => {
    const frames = await captured(
      `${ping}; bash -c 'echo >/dev/tcp/203.0.113.1/9' || true`,
      'icmp or tcp',
    )
    const decoder = new Decoder()
    const decoding = Promise.all(frames.map((frame) => decoder.decode(frame)))
    const lines = await decoding
    await decoder.end()
    assert.match(lines[0] ?? '', /^203.0.113.2 > 203.0.113.1: ICMP echo request, id \d+, seq 1$/)
    assert.match(lines[4] ?? '', /^203.0.113.2.\d+ > 203.0.113.1.9: Flags \[S\]$/)
    assert.is(lines.length, 8)
  })

  test('pcapng: interfaces by name, nanoseconds, every byte', async () => {
    const frames = await captured(ping, 'icmp')
    const blocks: Buffer[] = []
    const writer = new PcapngWriter((block) => blocks.push(block))
    for (const frame of frames) writer.frame(frame)
    const file = Buffer.concat(blocks)
    const { interfaces, packets } = parsed(file)
    assert.equal(interfaces, ['host:eth0', 'outside:wan'])
    assert.equal(
      packets.map(({ of }) => interfaces[of]),
      ['host:eth0', 'outside:wan', 'outside:wan', 'host:eth0'],
    )
    for (const [index, { at, bytes }] of packets.entries()) {
      assert.is(at, frames[index]?.at)
      assert.is(bytes.equals(frames[index]?.bytes ?? Buffer.alloc(0)), true)
    }
    writeFileSync('/run/all.pcapng', file)
    const lines = sh('tcpdump -nr /run/all.pcapng 2>/dev/null').trim().split('\n')
    assert.is(lines.length, 4)
    assert.match(lines[0] ?? '', /203.0.113.2 > 203.0.113.1: ICMP echo request/)
  })
})

/** The blocks of a little-endian pcapng file, whose two lengths must agree. */
function parsed(file: Buffer) {
  const interfaces: string[] = []
  const packets: { of: number; at: bigint; bytes: Buffer }[] = []
  for (let at = 0; at < file.length;) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)]
    assert.is(length % 4, 0)
    assert.is(file.readUInt32LE(at + length - 4), length)
    const body = file.subarray(at + 8, at + length - 4)
    if (type === 1) {
      assert.is(body.readUInt16LE(8), 2, 'the first option is the name')
      interfaces.push(body.subarray(12, 12 + body.readUInt16LE(10)).toString())
    }
    if (type === 6) {
      const stamp = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))
      const bytes = body.subarray(20, 20 + body.readUInt32LE(12))
      packets.push({ of: body.readUInt32LE(0), at: stamp, bytes })
    }
    at += length
  }
  return { interfaces, packets }
}

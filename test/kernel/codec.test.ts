// Compares the codec with bytes that follow the kernel's headers, and checks the replies of the socket: dumps, other namespaces, refusals.
import { constants } from 'node:os'
import * as assert from 'uvu/assert'
import {
  attribute,
  attributesOf,
  decodeMessages,
  encodeMessage,
  nested,
  struct,
  text,
  u32,
} from '../../lib/kernel/netlink/codec.ts'
import { IFLA, NLM_F, RTM } from '../../lib/kernel/netlink/constants.ts'
import { loadLibc } from '../../lib/kernel/netlink/libc.ts'
import { NetlinkError, NetlinkSocket } from '../../lib/kernel/netlink/socket.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

const rtgenmsg = struct({ family: 'u8', pad: 3 })

sandboxSuite('netlink codec', (test) => {
  test('a struct has little-endian, network-order and signed numbers and bytes; a missing field is 0', () => {
    const each = struct({ a: 'u8', b: 3, c: 'u16', d: 'be16', e: 's32', f: 'be32', g: 'u32' })
    assert.is(each.size, 20)
    const bytes = each.encode({ a: 1, b: Buffer.of(2, 3, 4), c: 0x0506, d: 0x0708, e: -2, f: 9 })
    assert.is(bytes.toString('hex'), '0102030406050708feffffff0000000900000000')
    const { b, ...rest } = each.decode(bytes)
    assert.equal(rest, { a: 1, c: 0x0506, d: 0x0708, e: -2, f: 9, g: 0 })
    assert.equal([...b], [2, 3, 4])
    assert.throws(() => each.decode(bytes.subarray(1)), /range/)
  })

  test('messages and attributes: padded to 4 bytes, nested, and truncated ones are left out', () => {
    const value = text(IFLA.IFNAME, 'br0')
    assert.is(value.toString('hex'), '0800030062723000')
    const odd = attribute(1, Buffer.of(7))
    assert.is(odd.toString('hex'), '0500010007000000')
    const body = Buffer.concat([odd, nested(2, u32(3, 4)), value])
    const first = encodeMessage({ type: RTM.NEWLINK, flags: NLM_F.REQUEST, body }, 5)
    const both = Buffer.concat([first, encodeMessage({ type: 1, flags: 0, body: odd }, 6)])
    const [one, two, ...none] = decodeMessages(both)
    assert.equal([one?.type, one?.sequence, two?.sequence, none.length], [16, 5, 6, 0])
    const attributes = attributesOf(one?.body)
    assert.equal([...attributes.keys()], [1, 2, 3])
    assert.is(attributesOf(attributes.get(2)).get(3)?.readUInt32LE(), 4)
    assert.is(decodeMessages(both.subarray(0, first.length + 15)).length, 1)
    assert.is(attributesOf(Buffer.of(3, 0, 1, 0)).size, 0)
    assert.is(attributesOf().size, 0)
  })

  test('a dump in several datagrams, in another namespace; a refusal with errno and sentence', async () => {
    const libc = await loadLibc()
    if (!libc) throw new Error('netlink is not available here')
    sh('ip netns add c1; for n in $(seq 80); do ip -n c1 link add b$n type bridge; done')
    const names = (socket: NetlinkSocket) =>
      socket
        .dump({ type: RTM.GETLINK, body: rtgenmsg.encode() })
        .map(({ body }) => attributesOf(body.subarray(16)).get(IFLA.IFNAME)?.toString())
    {
      using there = new NetlinkSocket(libc, 'ROUTE', '/run/netns/c1')
      assert.equal(names(there).length, 81)
      assert.ok(names(there).includes('b80\0'))
      assert.throws(
        () =>
          there.request({
            type: RTM.DELLINK,
            flags: NLM_F.REQUEST | NLM_F.ACK,
            body: Buffer.alloc(16),
          }),
        (error: unknown) => error instanceof NetlinkError && error.errno === constants.errno.EINVAL,
      )
      // After a refusal the socket still works.
      assert.is(names(there).length, 81)
    }
    using here = new NetlinkSocket(libc, 'ROUTE')
    assert.not(names(here).includes('b80\0'))
    assert.throws(() => new NetlinkSocket(libc, 'ROUTE', '/run/netns/none'), /Cannot open network/)
    sh('ip netns delete c1')
  })
})

// Reads the queueing disciplines of the namespace of a netlink socket, as `tc -s qdisc` lists them.
import { attributesOf, struct } from '../netlink/codec.ts'
import { RTM, TCA, TCA_STATS } from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { string } from './links.ts'
import type { Qdisc } from './state.ts'

/** linux/rtnetlink.h: struct tcmsg; linux/gen_stats.h: struct gnet_stats_queue. */
const tcmsg = struct({
  family: 'u8',
  pad: 3,
  index: 's32',
  handle: 'u32',
  parent: 'u32',
  info: 'u32',
})
const gnet_stats_queue = struct({
  length: 'u32',
  backlog: 'u32',
  drops: 'u32',
  requeues: 'u32',
  overlimits: 'u32',
})

export function readQdiscs(
  route: NetlinkSocket,
  names: ReadonlyMap<number, string>,
): readonly Qdisc[] {
  const replies = route.dump({ type: RTM.GETQDISC, body: tcmsg.encode() })
  return replies.map(({ body }) => {
    const of = attributesOf(body.subarray(tcmsg.size))
    const queue = attributesOf(of.get(TCA.STATS2)).get(TCA_STATS.QUEUE)
    return {
      link: names.get(tcmsg.decode(body).index) ?? '',
      kind: string(of.get(TCA.KIND)),
      drops: queue ? gnet_stats_queue.decode(queue).drops : 0,
    }
  })
}

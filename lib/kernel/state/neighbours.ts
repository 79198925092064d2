// Reads neighbours, the forwarding tables of bridges and VXLAN devices, and the multicast groups of bridges, in the namespace of a netlink socket.
import { addressText, macText } from '../../address/address-text.ts'
import { attributeList, attributesOf, ndmsg, struct } from '../netlink/codec.ts'
import { AF, MDBA, NDA, NTF, NUD, RTM } from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { flag, given, number } from './links.ts'
import type { ForwardingEntry, MulticastGroup, Neighbour } from './state.ts'

/** linux/neighbour.h: struct ndmsg; linux/if_bridge.h: struct br_port_msg and struct br_mdb_entry. */
const br_port_msg = struct({ family: 'u8', pad: 3, index: 'u32' })
const br_mdb_entry = struct({
  index: 'u32',
  state: 'u8',
  flags: 'u8',
  vlan: 'u16',
  address: 16,
  protocol: 'be16',
  pad: 2,
})

type Names = ReadonlyMap<number, string>

/** NUD_INCOMPLETE and what follows, a bit each. */
const states = [
  'INCOMPLETE',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'FAILED',
  'NOARP',
  'PERMANENT',
]

export function readNeighbours(route: NetlinkSocket, names: Names): readonly Neighbour[] {
  const proxies = ndmsg.encode({ flags: NTF.PROXY })
  const replies = [ndmsg.encode(), proxies].flatMap((body) =>
    route.dump({ type: RTM.GETNEIGH, body }),
  )
  return replies.flatMap(({ type, body }): readonly Neighbour[] => {
    if (type !== RTM.NEWNEIGH) return []
    const { family, index, state, flags } = ndmsg.decode(body)
    const isProxy = (flags & NTF.PROXY) !== 0
    const of = attributesOf(body.subarray(ndmsg.size))
    const [address, mac] = [of.get(NDA.DST), of.get(NDA.LLADDR)]
    // As `ip neighbour`: without entries that need no resolution (multicast, loopback), and without unused ones.
    if (!address || (!isProxy && (state & 0xff & ~NUD.NOARP) === 0)) return []
    if (family !== AF.INET && family !== AF.INET6) return []
    return [
      {
        family: family === AF.INET6 ? 6 : 4,
        address: addressText(address),
        link: names.get(index) ?? '',
        ...given('mac', mac && macText(mac)),
        state: isProxy ? 'PROXY' : states.filter((_, bit) => (state & (1 << bit)) !== 0).join(' '),
      },
    ]
  })
}

export function readForwarding(route: NetlinkSocket, names: Names): readonly ForwardingEntry[] {
  const replies = route.dump({ type: RTM.GETNEIGH, body: ndmsg.encode({ family: AF.BRIDGE }) })
  return replies.flatMap(({ type, body }): readonly ForwardingEntry[] => {
    if (type !== RTM.NEWNEIGH) return []
    const { index, state, flags } = ndmsg.decode(body)
    const of = attributesOf(body.subarray(ndmsg.size))
    const [mac, destination, vlan] = [of.get(NDA.LLADDR), of.get(NDA.DST), of.get(NDA.VLAN)]
    if (!mac) return []
    // A device lists the multicast frames that it takes for itself here, too, but these entries forward nothing.
    if ((flags & NTF.SELF) !== 0 && (mac[0] ?? 0) % 2 === 1 && !destination) return []
    const isLocal = (state & NUD.PERMANENT) !== 0 && !destination
    return [
      {
        mac: macText(mac),
        link: names.get(index) ?? '',
        ...given('bridge', names.get(number(of.get(NDA.MASTER)))),
        ...given('vlan', vlan && vlan.readUInt16LE()),
        ...given('destination', destination && addressText(destination)),
        learned: (state & (NUD.PERMANENT | NUD.NOARP)) === 0,
        ...flag('local', isLocal),
      },
    ]
  })
}

export function readGroups(route: NetlinkSocket, names: Names): readonly MulticastGroup[] {
  const body = br_port_msg.encode({ family: AF.BRIDGE })
  return route.dump({ type: RTM.GETMDB, body }).flatMap(({ body: reply }) => {
    const bridge = names.get(br_port_msg.decode(reply).index) ?? ''
    return values(reply.subarray(br_port_msg.size), MDBA.MDB)
      .flatMap((database) => values(database, MDBA.MDB_ENTRY))
      .flatMap((entry) => values(entry, MDBA.MDB_ENTRY_INFO))
      .map((info) => groupOf(info, bridge, names))
  })
}

function groupOf(info: Buffer, bridge: string, names: Names): MulticastGroup {
  const { index, vlan, address, protocol } = br_mdb_entry.decode(info)
  // ETH_P_IP, ETH_P_IPV6; 0 is a group by its MAC.
  const group =
    protocol === 0x0800
      ? addressText(address.subarray(0, 4))
      : protocol === 0x86dd
        ? addressText(address)
        : macText(address.subarray(0, 6))
  return {
    bridge,
    link: names.get(index) ?? '',
    address: group,
    ...given('vlan', vlan === 0 ? undefined : vlan),
  }
}

/** A list has several attributes of one type. */
function values(bytes: Buffer, wanted: number): readonly Buffer[] {
  return attributeList(bytes).flatMap(([type, value]) => (type === wanted ? [value] : []))
}

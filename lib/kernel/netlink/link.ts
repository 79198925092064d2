// Makes the rtnetlink messages for links, addresses, routes, neighbours and forwarding entries that `ip` and `bridge` would send for
// the same operations (rtnetlink(7)).
import type { LinkOperation, RemoteOperation } from '../operation.ts'
import {
  addressBytes,
  attribute,
  fib_rule_hdr,
  ifaddrmsg,
  ifinfomsg,
  ndmsg,
  nested,
  rtmsg,
  text,
  u32,
  u8,
  type Message,
  type Reply,
} from './codec.ts'
import {
  AF,
  FRA,
  IFA,
  IFA_F,
  IFF,
  IFLA,
  IFLA_BRPORT,
  IFLA_INET6,
  IFLA_INFO,
  IFLA_VXLAN,
  IN6_ADDR_GEN_MODE,
  NDA,
  NLM_F,
  NTF,
  NUD,
  RT_SCOPE,
  RT_TABLE,
  RTA,
  RTM,
  RTN,
  RTNH_F,
  RTPROT,
  VETH_INFO,
} from './constants.ts'

const request = NLM_F.REQUEST | NLM_F.ACK
const requestNew = request | NLM_F.CREATE | NLM_F.EXCL
const requestReplace = request | NLM_F.CREATE | NLM_F.REPLACE

/** Resolves the names in an operation. */
export type Names = {
  /** @throws Error `Cannot find device "…"` */
  readonly indexOf: (link: string) => number
  /** @returns a descriptor of the namespace. */
  readonly open: (netns: string) => number
}

type Kind<K extends LinkOperation['kind']> = Extract<LinkOperation, { kind: K }>

export function linkMessage(operation: LinkOperation | RemoteOperation, names: Names): Message {
  switch (operation.kind) {
    case 'add-bridge':
      return newLink(...created(operation), nested(IFLA.LINKINFO, text(IFLA_INFO.KIND, 'bridge')))
    case 'add-veth':
      return newLink(
        ...created(operation),
        u32(IFLA.MASTER, names.indexOf(operation.bridge)),
        nested(
          IFLA.LINKINFO,
          text(IFLA_INFO.KIND, 'veth'),
          nested(IFLA_INFO.DATA, peer(operation, names)),
        ),
      )
    case 'add-vxlan':
      return newLink(
        ...created(operation),
        ...(operation.bridge === undefined
          ? []
          : [u32(IFLA.MASTER, names.indexOf(operation.bridge))]),
        nested(
          IFLA.LINKINFO,
          text(IFLA_INFO.KIND, 'vxlan'),
          nested(IFLA_INFO.DATA, ...vxlan(operation, names)),
        ),
      )
    case 'add-forwarding-entry':
    case 'replace-forwarding-entry':
    case 'remove-forwarding-entry':
      return forwardingEntry(operation, names)
    case 'add-neighbour':
    case 'replace-neighbour':
    case 'remove-neighbour':
      return neighbour(operation, names)
    case 'set-link': {
      const flags = operation.up ? IFF.UP : 0
      const header = { index: names.indexOf(operation.link), flags, change: flags }
      return message(RTM.NEWLINK, request, ifinfomsg.encode(header), ...settings(operation))
    }
    case 'remove-link': {
      const index = names.indexOf(operation.link)
      return message(RTM.DELLINK, request, ifinfomsg.encode({ index }))
    }
    case 'add-address':
    case 'remove-address':
      return address(operation, names)
    case 'add-route':
    case 'replace-route':
    case 'remove-route':
      return route(operation, names)
    case 'add-policy-rule':
    case 'remove-policy-rule':
      return policyRule(operation)
    case 'announce':
      return announcement(operation, names)
  }
}

/** Asks for the link with this name. */
export function linkRequest(name: string): Message {
  return message(RTM.GETLINK, request, ifinfomsg.encode(), text(IFLA.IFNAME, name))
}

/** The index of the link in a reply to `linkRequest`, or in a message of `linkMessage` about an existing link. */
export function linkIndex({ body }: Message | Reply): number {
  return ifinfomsg.decode(body).index
}

/** Changes nothing on the link with this index; the kernel refuses it once the link is gone. */
export function emptyChange(index: number): Message {
  return message(RTM.SETLINK, request, ifinfomsg.encode({ index }))
}

function message(type: number, flags: number, ...parts: readonly Buffer[]): Message {
  return { type, flags, body: Buffer.concat(parts) }
}

function newLink(...attributes: readonly Buffer[]): Message {
  return message(RTM.NEWLINK, requestNew, ifinfomsg.encode(), ...attributes)
}

function created({ link, mac, mtu, group }: Kind<'add-bridge' | 'add-veth' | 'add-vxlan'>) {
  return [...endOf({ link, mac }, mtu), u32(IFLA.GROUP, group)]
}

function endOf(end: { readonly link: string; readonly mac: string }, mtu: number | undefined) {
  return [
    text(IFLA.IFNAME, end.link),
    attribute(IFLA.ADDRESS, macBytes(end.mac)),
    ...(mtu === undefined ? [] : [u32(IFLA.MTU, mtu)]),
  ]
}

function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex')
}

function vxlan(operation: Kind<'add-vxlan'>, names: Names): readonly Buffer[] {
  const { vni, port, local, device, proxy } = operation
  const { family, bytes } = addressBytes(local)
  return [
    u32(IFLA_VXLAN.ID, vni),
    attribute(family === AF.INET6 ? IFLA_VXLAN.LOCAL6 : IFLA_VXLAN.LOCAL, bytes),
    ...(device === undefined ? [] : [u32(IFLA_VXLAN.LINK, names.indexOf(device))]),
    u8(IFLA_VXLAN.LEARNING, 0),
    ...(proxy ? [u8(IFLA_VXLAN.PROXY, 1)] : []),
    attribute(IFLA_VXLAN.PORT, Buffer.of(port >> 8, port & 0xff)),
  ]
}

/** VETH_INFO_PEER contains a link message of its own. */
function peer({ peer: end, mtu, group }: Kind<'add-veth'>, names: Names): Buffer {
  const where =
    end.netns === undefined ? u32(IFLA.GROUP, group) : u32(IFLA.NET_NS_FD, names.open(end.netns))
  return nested(VETH_INFO.PEER, ifinfomsg.encode(), ...endOf(end, mtu), where)
}

function settings({ alias, linkLocal, port }: Kind<'set-link'>): readonly Buffer[] {
  const noLinkLocal = u8(IFLA_INET6.ADDR_GEN_MODE, IN6_ADDR_GEN_MODE.NONE)
  return [
    ...(alias === undefined ? [] : [attribute(IFLA.IFALIAS, Buffer.from(alias))]),
    ...(linkLocal === false ? [nested(IFLA.AF_SPEC, nested(AF.INET6, noLinkLocal))] : []),
    ...(port ? [bridgePort(port)] : []),
  ]
}

function bridgePort(port: NonNullable<Kind<'set-link'>['port']>): Buffer {
  const { hairpin, isolated, learning, neighbourSuppression } = port
  return nested(
    IFLA.LINKINFO,
    text(IFLA_INFO.SLAVE_KIND, 'bridge'),
    nested(
      IFLA_INFO.SLAVE_DATA,
      u8(IFLA_BRPORT.MODE, Number(hairpin)),
      u8(IFLA_BRPORT.ISOLATED, Number(isolated)),
      ...(learning === undefined ? [] : [u8(IFLA_BRPORT.LEARNING, Number(learning))]),
      ...(neighbourSuppression === undefined
        ? []
        : [u8(IFLA_BRPORT.NEIGH_SUPPRESS, Number(neighbourSuppression))]),
    ),
  )
}

/** IFA_F_NODAD is explained in programs/ip.ts. */
function address(operation: Kind<'add-address' | 'remove-address'>, names: Names): Message {
  const [ip = '', length = ''] = operation.address.split('/')
  const { family, bytes } = addressBytes(ip)
  const prefix = length === '' ? bytes.length * 8 : Number(length)
  const header = ifaddrmsg.encode({ family, prefix, index: names.indexOf(operation.link) })
  const both = [attribute(IFA.LOCAL, bytes), attribute(IFA.ADDRESS, bytes)]
  if (operation.kind === 'remove-address') return message(RTM.DELADDR, request, header, ...both)
  const noCheck = family === AF.INET6 ? [u32(IFA.FLAGS, IFA_F.NODAD)] : []
  return message(RTM.NEWADDR, requestNew, header, ...both, ...noCheck)
}

/** A removal leaves the same fields open as `ip route delete`. */
function route(
  operation: Kind<'add-route' | 'replace-route' | 'remove-route'>,
  names: Names,
): Message {
  const isNew = operation.kind !== 'remove-route'
  const flags = operation.kind === 'replace-route' ? requestReplace : isNew ? requestNew : request
  const via = operation.via === undefined ? undefined : addressBytes(operation.via)
  const [to, length] = operation.to === 'default' ? [] : operation.to.split('/')
  const { family: own = AF.INET, bytes: destination } = to === undefined ? {} : addressBytes(to)
  const family = via?.family ?? own
  const header = rtmsg.encode({
    family,
    destinationLength: destination ? Number(length ?? destination.length * 8) : 0,
    table: RT_TABLE.MAIN,
    ...(isNew
      ? { protocol: RTPROT.BOOT, scope: scopeOf(family, via), type: RTN.UNICAST }
      : { protocol: RTPROT.UNSPEC, scope: RT_SCOPE.NOWHERE, type: RTN.UNSPEC }),
    flags: operation.onlink ? RTNH_F.ONLINK : 0,
  })
  return message(
    isNew ? RTM.NEWROUTE : RTM.DELROUTE,
    flags,
    header,
    ...(destination ? [attribute(RTA.DST, destination)] : []),
    ...(via ? [attribute(RTA.GATEWAY, via.bytes)] : []),
    u32(RTA.OIF, names.indexOf(operation.link)),
  )
}

/** Without a router, the destination is on the link. IPv6 has no scopes of routes. */
function scopeOf(family: number, via: unknown): number {
  return family === AF.INET && via === undefined ? RT_SCOPE.LINK : RT_SCOPE.UNIVERSE
}

/** FR_ACT_TO_TBL is 1. */
function policyRule({
  kind,
  to,
  priority,
}: Kind<'add-policy-rule' | 'remove-policy-rule'>): Message {
  const [address = '', length = ''] = to.split('/')
  const { family, bytes } = addressBytes(address)
  const isNew = kind === 'add-policy-rule'
  return message(
    isNew ? RTM.NEWRULE : RTM.DELRULE,
    isNew ? requestNew : request,
    fib_rule_hdr.encode({
      family,
      destinationLength: Number(length),
      table: RT_TABLE.MAIN,
      action: 1,
    }),
    attribute(FRA.DST, bytes),
    u32(FRA.PRIORITY, priority),
    u32(FRA.TABLE, RT_TABLE.MAIN),
  )
}

/** The message of `ip neighbor replace … use`. */
function announcement(operation: Kind<'announce'>, names: Names): Message {
  const { family, bytes } = addressBytes(operation.neighbour)
  const index = names.indexOf(operation.link)
  const header = ndmsg.encode({ family, index, state: NUD.PERMANENT, flags: NTF.USE })
  return message(RTM.NEWNEIGH, requestReplace, header, attribute(NDA.DST, bytes))
}

/** The first word of the kind decides about type and flags of the message. */
function neighbourMessage({ kind }: RemoteOperation, ...parts: readonly Buffer[]): Message {
  if (kind.startsWith('remove-')) return message(RTM.DELNEIGH, request, ...parts)
  const flags = kind.startsWith('replace-') ? requestReplace : requestNew
  return message(RTM.NEWNEIGH, flags, ...parts)
}

/** The states of `permanent` for the device and of `static` for the bridge, as bridge(8) sends them. */
function forwardingEntry(
  operation: Extract<RemoteOperation, { destination?: string }>,
  names: Names,
): Message {
  const { mac, link, destination } = operation
  const header = ndmsg.encode({
    family: AF.BRIDGE,
    index: names.indexOf(link),
    state: NUD.NOARP | (destination === undefined ? NUD.REACHABLE : NUD.PERMANENT),
    flags: destination === undefined ? NTF.MASTER : NTF.SELF,
  })
  return neighbourMessage(
    operation,
    header,
    attribute(NDA.LLADDR, macBytes(mac)),
    ...(destination === undefined ? [] : [attribute(NDA.DST, addressBytes(destination).bytes)]),
  )
}

function neighbour(
  operation: Extract<RemoteOperation, { address: string }>,
  names: Names,
): Message {
  const { family, bytes } = addressBytes(operation.address)
  return neighbourMessage(
    operation,
    ndmsg.encode({ family, index: names.indexOf(operation.link), state: NUD.PERMANENT }),
    attribute(NDA.DST, bytes),
    attribute(NDA.LLADDR, macBytes(operation.mac)),
  )
}

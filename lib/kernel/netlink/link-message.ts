// An operation of `ip` as the message that `ip` would send (rtnetlink(7)): bridges, cables, addresses, routes, neighbours.
import type { LinkOperation } from '../operation.ts'
import { addressBytes, families, macBytes } from './address-bytes.ts'
import {
  attribute,
  createNew,
  createOrReplace,
  nested,
  request,
  text,
  u32,
  u8,
  type Message,
} from './message.ts'

/** What a message must know that the operation only names. */
export type Names = {
  /** @throws Error `Cannot find device "…"` */
  readonly indexOf: (link: string) => number
  /** A descriptor of the namespace. */
  readonly open: (netns: string) => number
}

type Kind<K extends LinkOperation['kind']> = Extract<LinkOperation, { kind: K }>

/** The types of messages: RTM_NEWLINK and so on. */
const types = {
  newLink: 16,
  deleteLink: 17,
  newAddress: 20,
  deleteAddress: 21,
  newRoute: 24,
  deleteRoute: 25,
  newNeighbour: 28,
} as const

/** IFF_UP. */
const upFlag = 1

export function linkMessage(operation: LinkOperation, names: Names): Message {
  switch (operation.kind) {
    case 'add-bridge':
      return newLink([...created(operation), nested(link.info, text(info.kind, 'bridge'))])
    case 'add-veth':
      return newLink([
        ...created(operation),
        u32(link.master, names.indexOf(operation.bridge)),
        nested(link.info, text(info.kind, 'veth'), nested(info.data, peer(operation, names))),
      ])
    case 'set-link':
      return {
        type: types.newLink,
        flags: request,
        body: Buffer.concat([
          interfaceHeader(names.indexOf(operation.link), operation.up),
          ...settings(operation),
        ]),
      }
    case 'remove-link':
      return {
        type: types.deleteLink,
        flags: request,
        body: interfaceHeader(names.indexOf(operation.link)),
      }
    case 'add-address':
    case 'remove-address':
      return address(operation, names)
    case 'add-route':
    case 'remove-route':
      return route(operation, names)
    case 'announce':
      return announcement(operation, names)
  }
}

/** IFLA_… of linux/if_link.h. */
const link = { mac: 1, name: 3, mtu: 4, master: 10, info: 18, alias: 20, families: 26, group: 27 }
/** IFLA_INFO_…. */
const info = { kind: 1, data: 2, portKind: 4, portData: 5 }
const namespaceDescriptor = 28
/** VETH_INFO_PEER: a link message of its own. */
const vethPeer = 1
/** IFLA_INET6_ADDR_GEN_MODE and IN6_ADDR_GEN_MODE_NONE. */
const linkLocalMode = { type: 8, none: 1 }
/** IFLA_BRPORT_MODE, which is hairpin, and IFLA_BRPORT_ISOLATED. */
const port = { hairpin: 4, isolated: 33 }

function newLink(attributes: readonly Buffer[]): Message {
  const body = Buffer.concat([interfaceHeader(0), ...attributes])
  return { type: types.newLink, flags: request | createNew, body }
}

/** struct ifinfomsg: family, type, index, the flags, and which of the flags are meant. */
function interfaceHeader(index: number, up = false): Buffer {
  const header = Buffer.alloc(16)
  header.writeInt32LE(index, 4)
  header.writeUInt32LE(up ? upFlag : 0, 8)
  header.writeUInt32LE(up ? upFlag : 0, 12)
  return header
}

function created({ link: name, mac, mtu, group }: Kind<'add-bridge' | 'add-veth'>) {
  return [...endOf({ link: name, mac }, mtu), u32(link.group, group)]
}

function endOf(end: { readonly link: string; readonly mac: string }, mtu: number | undefined) {
  return [
    text(link.name, end.link),
    attribute(link.mac, macBytes(end.mac)),
    ...(mtu === undefined ? [] : [u32(link.mtu, mtu)]),
  ]
}

function peer({ peer: end, mtu }: Kind<'add-veth'>, names: Names): Buffer {
  const place = u32(namespaceDescriptor, names.open(end.netns))
  return nested(vethPeer, interfaceHeader(0), ...endOf(end, mtu), place)
}

function settings(operation: Kind<'set-link'>): readonly Buffer[] {
  const { alias, linkLocal, port: wanted } = operation
  const noLinkLocal = nested(families[6], u8(linkLocalMode.type, linkLocalMode.none))
  return [
    ...(alias === undefined ? [] : [attribute(link.alias, Buffer.from(alias))]),
    ...(linkLocal === false ? [nested(link.families, noLinkLocal)] : []),
    ...(wanted === undefined
      ? []
      : [
          nested(
            link.info,
            text(info.portKind, 'bridge'),
            nested(
              info.portData,
              u8(port.hairpin, Number(wanted.hairpin)),
              u8(port.isolated, Number(wanted.isolated)),
            ),
          ),
        ]),
  ]
}

/** struct ifaddrmsg; IFA_ADDRESS, IFA_LOCAL, and IFA_FLAGS with IFA_F_NODAD, see ip-line.ts. */
function address(operation: Kind<'add-address' | 'remove-address'>, names: Names): Message {
  const [ip = '', length = ''] = operation.address.split('/')
  const { family, bytes } = addressBytes(ip)
  const prefix = length === '' ? bytes.length * 8 : Number(length)
  const header = Buffer.alloc(8)
  header[0] = family
  header[1] = prefix
  header.writeUInt32LE(names.indexOf(operation.link), 4)
  const isNew = operation.kind === 'add-address'
  const noCheck = isNew && family === families[6] ? [u32(8, 0x02)] : []
  return {
    type: isNew ? types.newAddress : types.deleteAddress,
    flags: isNew ? request | createNew : request,
    body: Buffer.concat([header, attribute(2, bytes), attribute(1, bytes), ...noCheck]),
  }
}

/** struct rtmsg; RTA_DST, RTA_GATEWAY and RTA_OIF. A removal leaves open what `ip route delete` leaves open. */
function route(operation: Kind<'add-route' | 'remove-route'>, names: Names): Message {
  const isNew = operation.kind === 'add-route'
  const { family, bytes: via } = addressBytes(operation.via)
  const [to, length] = operation.to === 'default' ? [] : operation.to.split('/')
  const destination = to === undefined ? undefined : addressBytes(to).bytes
  const header = Buffer.alloc(12)
  header[0] = family
  header[1] = destination ? Number(length ?? destination.length * 8) : 0
  // RT_TABLE_MAIN, RTPROT_BOOT, RT_SCOPE_UNIVERSE and RTN_UNICAST; RT_SCOPE_NOWHERE means any.
  header.set(isNew ? [254, 3, 0, 1] : [254, 0, 255, 0], 4)
  return {
    type: isNew ? types.newRoute : types.deleteRoute,
    flags: isNew ? request | createNew : request,
    body: Buffer.concat([
      header,
      ...(destination ? [attribute(1, destination)] : []),
      attribute(5, via),
      u32(4, names.indexOf(operation.link)),
    ]),
  }
}

/** struct ndmsg with NUD_PERMANENT and NTF_USE, as `ip neighbor replace … use`; NDA_DST. */
function announcement(operation: Kind<'announce'>, names: Names): Message {
  const { family, bytes } = addressBytes(operation.neighbour)
  const header = Buffer.alloc(12)
  header[0] = family
  header.writeInt32LE(names.indexOf(operation.link), 4)
  header.writeUInt16LE(0x80, 8)
  header[10] = 0x01
  return {
    type: types.newNeighbour,
    flags: request | createOrReplace,
    body: Buffer.concat([header, attribute(1, bytes)]),
  }
}

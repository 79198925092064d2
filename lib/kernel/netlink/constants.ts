// Names the numbers of the kernel's netlink interfaces as its own headers do: `IFLA.MTU` is IFLA_MTU of linux/if_link.h.

/** linux/socket.h. */
export const AF = { UNSPEC: 0, INET: 2, INET6: 10, NETLINK: 16 } as const
export const SOCK = { RAW: 3, CLOEXEC: 0x80000 } as const
export const SOL = { NETLINK: 270 } as const
export const MSG = { DONTWAIT: 0x40 } as const

/** linux/sched.h. */
export const CLONE = { NEWNET: 0x40000000 } as const

/** linux/netlink.h: families of messages, socket options, message types and flags, attributes of an error. */
export const NETLINK = { ROUTE: 0, SOCK_DIAG: 4, NETFILTER: 12, CAP_ACK: 10, EXT_ACK: 11 } as const
export const NLMSG = { ERROR: 2, DONE: 3 } as const
export const NLM_F = {
  REQUEST: 0x1,
  MULTI: 0x2,
  ACK: 0x4,
  DUMP_INTR: 0x10,
  /** Of a dump: NLM_F_ROOT and NLM_F_MATCH. */
  DUMP: 0x300,
  /** Of a new object. */
  REPLACE: 0x100,
  EXCL: 0x200,
  CREATE: 0x400,
  /** Of an acknowledgement: attributes follow. */
  ACK_TLVS: 0x200,
} as const
export const NLMSGERR_ATTR = { MSG: 1 } as const
export const NLA = { F_NESTED: 0x8000, TYPE_MASK: 0x3fff } as const

/** linux/rtnetlink.h. */
export const RTM = {
  NEWLINK: 16,
  DELLINK: 17,
  GETLINK: 18,
  SETLINK: 19,
  NEWADDR: 20,
  DELADDR: 21,
  NEWROUTE: 24,
  DELROUTE: 25,
  NEWNEIGH: 28,
} as const
export const RTA = { DST: 1, OIF: 4, GATEWAY: 5 } as const
export const RT_TABLE = { MAIN: 254 } as const
export const RTPROT = { UNSPEC: 0, BOOT: 3 } as const
export const RT_SCOPE = { UNIVERSE: 0, NOWHERE: 255 } as const
export const RTN = { UNSPEC: 0, UNICAST: 1 } as const

/** linux/if.h and linux/if_link.h. */
export const IFF = { UP: 0x1 } as const
export const IFLA = {
  ADDRESS: 1,
  IFNAME: 3,
  MTU: 4,
  MASTER: 10,
  LINKINFO: 18,
  IFALIAS: 20,
  AF_SPEC: 26,
  GROUP: 27,
  NET_NS_FD: 28,
} as const
export const IFLA_INFO = { KIND: 1, DATA: 2, SLAVE_KIND: 4, SLAVE_DATA: 5 } as const
export const IFLA_BRPORT = { MODE: 4, ISOLATED: 33 } as const
export const IFLA_INET6 = { ADDR_GEN_MODE: 8 } as const
export const IN6_ADDR_GEN_MODE = { NONE: 1 } as const
export const VETH_INFO = { PEER: 1 } as const

/** linux/if_addr.h. */
export const IFA = { ADDRESS: 1, LOCAL: 2, FLAGS: 8 } as const
export const IFA_F = { NODAD: 0x02 } as const

/** linux/neighbour.h. */
export const NDA = { DST: 1 } as const
export const NUD = { PERMANENT: 0x80 } as const
export const NTF = { USE: 0x01 } as const

/** linux/netfilter/nfnetlink.h and linux/netfilter.h. */
export const NFNL_SUBSYS = { NONE: 0, CTNETLINK: 1, NFTABLES: 10 } as const
export const NFNL_MSG_BATCH = { BEGIN: 0x10, END: 0x11 } as const
export const NFPROTO = { INET: 1 } as const

/** linux/netfilter/nf_tables.h. */
export const NFT_MSG = { NEWCHAIN: 3, GETCHAIN: 4, NEWSETELEM: 12, DELSETELEM: 14 } as const
export const NFTA_CHAIN = { TABLE: 1, NAME: 3 } as const
export const NFTA_LIST = { ELEM: 1 } as const
export const NFTA_SET_ELEM_LIST = { TABLE: 1, SET: 2, ELEMENTS: 3 } as const
export const NFTA_SET_ELEM = { KEY: 1, DATA: 2, FLAGS: 3 } as const
export const NFT_SET_ELEM = { INTERVAL_END: 1 } as const
export const NFTA_DATA = { VALUE: 1 } as const

/** linux/netfilter/nfnetlink_conntrack.h. */
export const IPCTNL_MSG_CT = { NEW: 0, GET: 1, DELETE: 2 } as const
export const CTA = { TUPLE_ORIG: 1, TUPLE_REPLY: 2, ID: 12, ZONE: 18 } as const
export const CTA_TUPLE = { IP: 1, PROTO: 2 } as const
export const CTA_IP = { V4_SRC: 1, V4_DST: 2, V6_SRC: 3, V6_DST: 4 } as const
export const CTA_PROTO = { NUM: 1, DST_PORT: 3 } as const

/** linux/sock_diag.h and net/tcp_states.h. */
export const SOCK_DIAG_BY_FAMILY = 20
export const TCP = { CLOSE: 7, LISTEN: 10 } as const

/** linux/in.h: the protocols that have ports, by the names in /etc/protocols. */
export const IPPROTO: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

// Names the numbers of the kernel's netlink interfaces as its own headers do: `IFLA.MTU` is IFLA_MTU of linux/if_link.h.

/** linux/socket.h. */
export const AF = { UNSPEC: 0, INET: 2, BRIDGE: 7, INET6: 10, NETLINK: 16, PACKET: 17 } as const
export const SOCK = { RAW: 3, CLOEXEC: 0x80000 } as const
export const SOL = { SOCKET: 1, PACKET: 263, NETLINK: 270 } as const
export const SO = { RCVBUF: 8, ATTACH_FILTER: 26, RCVBUFFORCE: 33 } as const
export const MSG = { TRUNC: 0x20, DONTWAIT: 0x40 } as const

/** linux/sockios.h and asm/sockios.h; the first with a time of 64 bits. */
export const SIOC = { GSTAMPNS: 0x80108907, GIFNAME: 0x8910 } as const

/** sys/eventfd.h. */
export const EFD = { NONBLOCK: 0x800, CLOEXEC: 0x80000 } as const

/** poll.h. */
export const POLL = { IN: 0x1 } as const

/** linux/if_packet.h and linux/if_ether.h. */
export const PACKET = { OTHERHOST: 3, OUTGOING: 4, STATISTICS: 6 } as const
export const ETH_P_ALL = 3

/** linux/sched.h. */
export const CLONE = { NEWNET: 0x40000000 } as const

/** linux/netlink.h: families of messages, socket options, message types and flags, attributes of an error. */
export const NETLINK = {
  ADD_MEMBERSHIP: 1,
  ROUTE: 0,
  SOCK_DIAG: 4,
  NETFILTER: 12,
  CAP_ACK: 10,
  EXT_ACK: 11,
} as const
export const NLMSG = { ERROR: 2, DONE: 3 } as const
export const NLM_F = {
  REQUEST: 0x1,
  MULTI: 0x2,
  ACK: 0x4,
  DUMP_INTR: 0x10,
  /** Flags of a dump: NLM_F_ROOT and NLM_F_MATCH. */
  DUMP: 0x300,
  /** Flags for a new object. */
  REPLACE: 0x100,
  EXCL: 0x200,
  CREATE: 0x400,
  APPEND: 0x800,
  /** Flag of an acknowledgement with attributes. */
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
  GETADDR: 22,
  NEWROUTE: 24,
  DELROUTE: 25,
  GETROUTE: 26,
  NEWNEIGH: 28,
  DELNEIGH: 29,
  GETNEIGH: 30,
  NEWRULE: 32,
  DELRULE: 33,
  GETRULE: 34,
  GETMDB: 86,
  NEWNSID: 88,
  GETNSID: 90,
  NEWQDISC: 36,
  GETQDISC: 38,
} as const
export const RTA = {
  DST: 1,
  SRC: 2,
  IIF: 3,
  OIF: 4,
  GATEWAY: 5,
  PRIORITY: 6,
  PREFSRC: 7,
  METRICS: 8,
  MULTIPATH: 9,
  TABLE: 15,
  MARK: 16,
  VIA: 18,
  IP_PROTO: 27,
  SPORT: 28,
  DPORT: 29,
} as const
/** The groups that tell of changes. */
export const RTNLGRP = {
  LINK: 1,
  NEIGH: 3,
  TC: 4,
  IPV4_IFADDR: 5,
  IPV4_ROUTE: 7,
  IPV4_RULE: 8,
  IPV6_IFADDR: 9,
  IPV6_ROUTE: 11,
  IPV6_RULE: 19,
  IPV4_NETCONF: 24,
  IPV6_NETCONF: 25,
  MDB: 26,
  NSID: 28,
} as const
export const RT_TABLE = { MAIN: 254 } as const
export const RTPROT = { UNSPEC: 0, BOOT: 3 } as const
export const RT_SCOPE = { UNIVERSE: 0, LINK: 253, NOWHERE: 255 } as const
export const RTN = { UNSPEC: 0, UNICAST: 1 } as const

/** linux/if.h and linux/if_link.h. */
export const IFF = { UP: 0x1, LOOPBACK: 8, NOARP: 128, PROMISC: 256, LOWER_UP: 65536 } as const
export const IFLA = {
  ADDRESS: 1,
  IFNAME: 3,
  MTU: 4,
  LINK: 5,
  QDISC: 6,
  MASTER: 10,
  LINKINFO: 18,
  IFALIAS: 20,
  STATS64: 23,
  AF_SPEC: 26,
  GROUP: 27,
  NET_NS_FD: 28,
  EXT_MASK: 29,
  LINK_NETNSID: 37,
  XDP: 43,
} as const
export const IFLA_XDP = { ATTACHED: 2 } as const
export const TCA = { KIND: 1, STATS2: 7 } as const
export const TCA_STATS = { QUEUE: 3 } as const
export const RTEXT_FILTER = { SKIP_STATS: 8 } as const
export const IFLA_INFO = { KIND: 1, DATA: 2, SLAVE_KIND: 4, SLAVE_DATA: 5 } as const
export const IFLA_BRPORT = {
  STATE: 1,
  MODE: 4,
  LEARNING: 8,
  UNICAST_FLOOD: 9,
  MCAST_FLOOD: 27,
  BCAST_FLOOD: 30,
  NEIGH_SUPPRESS: 32,
  ISOLATED: 33,
  LOCKED: 39,
} as const
export const IFLA_INET6 = { CONF: 2, ADDR_GEN_MODE: 8 } as const
export const IN6_ADDR_GEN_MODE = { NONE: 1 } as const
export const VETH_INFO = { PEER: 1 } as const

/** linux/if_addr.h. */
export const IFA = { ADDRESS: 1, LOCAL: 2, BROADCAST: 4, FLAGS: 8 } as const
export const IFA_F = { NODAD: 0x02, DADFAILED: 8, TENTATIVE: 64 } as const

/** linux/neighbour.h. */
export const NDA = { DST: 1, LLADDR: 2, VLAN: 5, MASTER: 9 } as const
export const NUD = { REACHABLE: 2, STALE: 4, NOARP: 64, PERMANENT: 0x80 } as const
export const NTF = { USE: 0x01, SELF: 2, MASTER: 4, PROXY: 8 } as const

/** linux/netfilter/nfnetlink.h and linux/netfilter.h. */
export const NFNLGRP = {
  CONNTRACK_NEW: 1,
  CONNTRACK_UPDATE: 2,
  CONNTRACK_DESTROY: 3,
  NFTABLES: 7,
  NFTRACE: 9,
} as const
export const NFNL_SUBSYS = { NONE: 0, CTNETLINK: 1, NFTABLES: 10 } as const
export const NFNL_MSG_BATCH = { BEGIN: 0x10, END: 0x11 } as const
export const NFPROTO = { INET: 1, ARP: 3, NETDEV: 5, BRIDGE: 7 } as const

/** linux/netfilter.h, netfilter_arp.h, netfilter_bridge.h: the hooks by family, in the words of nft. */
export const NF_HOOK = {
  inet: { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 },
  bridge: { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 },
  arp: { input: 0, output: 1 },
  netdev: { ingress: 0, egress: 1 },
} as const

/** linux/netfilter/nf_tables.h. */
export const NFT_MSG = {
  NEWTABLE: 0,
  GETTABLE: 1,
  DELTABLE: 2,
  NEWCHAIN: 3,
  GETCHAIN: 4,
  NEWRULE: 6,
  NEWSETELEM: 12,
  DELSETELEM: 14,
} as const
export const NFTA_TABLE = { NAME: 1, FLAGS: 2 } as const
export const NFTA_CHAIN = { TABLE: 1, NAME: 3, HOOK: 4, TYPE: 7 } as const
export const NFTA_HOOK = { HOOKNUM: 1, PRIORITY: 2, DEV: 3, DEVS: 4 } as const
export const NFTA_RULE = { TABLE: 1, CHAIN: 2, EXPRESSIONS: 4 } as const
export const NFTA_EXPR = { NAME: 1, DATA: 2 } as const
export const NFTA_META = { DREG: 1, KEY: 2, SREG: 3 } as const
export const NFTA_PAYLOAD = { DREG: 1, BASE: 2, OFFSET: 3, LEN: 4 } as const
export const NFTA_CMP = { SREG: 1, OP: 2, DATA: 3 } as const
export const NFTA_RANGE = { SREG: 1, OP: 2, FROM_DATA: 3, TO_DATA: 4 } as const
export const NFTA_IMMEDIATE = { DREG: 1, DATA: 2 } as const
/** Values of several attributes. */
export const NFT = {
  TABLE_F_OWNER: 0x2,
  REG_VERDICT: 0,
  REG_1: 1,
  RETURN: -5,
  META_NFTRACE: 12,
  META_L4PROTO: 16,
  PAYLOAD_TRANSPORT_HEADER: 2,
  CMP_EQ: 0,
  RANGE_EQ: 0,
} as const
export const NFTA_LIST = { ELEM: 1 } as const
export const NFTA_SET_ELEM_LIST = { TABLE: 1, SET: 2, ELEMENTS: 3 } as const
export const NFTA_SET_ELEM = { KEY: 1, DATA: 2, FLAGS: 3 } as const
export const NFTA_TRACE = {
  TABLE: 1,
  CHAIN: 2,
  RULE_HANDLE: 3,
  TYPE: 4,
  VERDICT: 5,
  ID: 6,
  NETWORK_HEADER: 8,
  TRANSPORT_HEADER: 9,
  IIF: 10,
  OIF: 12,
  MARK: 14,
  POLICY: 16,
} as const
export const NFTA_VERDICT = { CODE: 1, CHAIN: 2 } as const
export const NFT_SET_ELEM = { INTERVAL_END: 1 } as const
export const NFTA_DATA = { VALUE: 1, VERDICT: 2 } as const

/** linux/netfilter/nfnetlink_conntrack.h. */
export const IPCTNL_MSG_CT = { NEW: 0, GET: 1, DELETE: 2 } as const
export const CTA = {
  TUPLE_ORIG: 1,
  TUPLE_REPLY: 2,
  STATUS: 3,
  PROTOINFO: 4,
  MARK: 8,
  ID: 12,
  ZONE: 18,
} as const
export const CTA_TUPLE = { IP: 1, PROTO: 2 } as const
export const CTA_IP = { V4_SRC: 1, V4_DST: 2, V6_SRC: 3, V6_DST: 4 } as const
export const CTA_PROTO = { NUM: 1, SRC_PORT: 2, DST_PORT: 3, ICMP_ID: 4, ICMPV6_ID: 7 } as const

/** linux/sock_diag.h and net/tcp_states.h. */
export const SOCK_DIAG_BY_FAMILY = 20
export const TCP = { ESTABLISHED: 1, CLOSE: 7, LISTEN: 10 } as const

/** linux/in.h: the protocols that have ports, by the names in /etc/protocols. */
export const IPPROTO: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

/** linux/rtnetlink.h. */
export const RTAX = { MTU: 2 } as const
export const RTM_F = { CLONED: 0x200, LOOKUP_TABLE: 0x1000 } as const
export const RTNH_F = { DEAD: 1, ONLINK: 4, LINKDOWN: 16 } as const

/** linux/if_link.h and linux/if.h, as far as they are read. */
export const IFLA_BR = {
  STP_STATE: 5,
  VLAN_FILTERING: 7,
  MCAST_SNOOPING: 23,
  NF_CALL_IPTABLES: 36,
  NF_CALL_IP6TABLES: 37,
  NF_CALL_ARPTABLES: 38,
} as const
export const IFLA_VXLAN = {
  ID: 1,
  GROUP: 2,
  LINK: 3,
  LOCAL: 4,
  LEARNING: 7,
  PROXY: 11,
  PORT: 15,
  GROUP6: 16,
  LOCAL6: 17,
} as const
export const IFLA_MACVLAN = { MODE: 1 } as const
export const IFLA_VLAN = { ID: 1 } as const
export const IFLA_INET = { CONF: 1 } as const
export const ARPHRD = { TUNNEL: 768, TUNNEL6: 769, SIT: 776, IPGRE: 778, IP6GRE: 823 } as const

/** linux/fib_rules.h. */
export const FRA = {
  DST: 1,
  SRC: 2,
  IIFNAME: 3,
  GOTO: 4,
  PRIORITY: 6,
  FWMARK: 10,
  SUPPRESS_PREFIXLEN: 14,
  TABLE: 15,
  FWMASK: 16,
  OIFNAME: 17,
  UID_RANGE: 20,
  IP_PROTO: 22,
  SPORT_RANGE: 23,
  DPORT_RANGE: 24,
} as const
export const FIB_RULE = { INVERT: 2 } as const

/** linux/if_bridge.h. */
export const MDBA = { MDB: 1, MDB_ENTRY: 1, MDB_ENTRY_INFO: 1 } as const

/** linux/net_namespace.h. */
export const NETNSA = { NSID: 1, FD: 3 } as const

/** linux/netfilter/nf_conntrack_common.h and nfnetlink_conntrack.h, of an entry. */
export const CTA_PROTOINFO = { TCP: 1 } as const
export const CTA_PROTOINFO_TCP = { STATE: 1 } as const
export const IPS = { SEEN_REPLY: 2 } as const

/** linux/inet_diag.h. */
export const INET_DIAG = { SKV6ONLY: 11 } as const

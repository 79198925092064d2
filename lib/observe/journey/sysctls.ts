// Lists the sysctls by which a node decides about packets; every check names the sysctl that it read.

const perDevice4 = [
  'accept_local',
  'arp_filter',
  'arp_ignore',
  'disable_policy',
  'forwarding',
  'proxy_arp',
  'route_localnet',
  'rp_filter',
  'src_valid_mark',
]
const perDevice6 = ['disable_ipv6', 'forwarding', 'proxy_ndp']

/** For `grep`: what this kernel lacks is left out of the answer. */
export const sysctlFiles = [
  ...perDevice4.map((name) => `/proc/sys/net/ipv4/conf/*/${name}`),
  ...perDevice6.map((name) => `/proc/sys/net/ipv6/conf/*/${name}`),
  '/proc/sys/net/ipv4/icmp_echo_ignore_all',
  '/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts',
  '/proc/sys/net/ipv4/ip_local_port_range',
  '/proc/sys/net/ipv4/ip_local_reserved_ports',
  '/proc/sys/net/ipv6/icmp/echo_ignore_all',
  '/proc/sys/net/ipv6/icmp/echo_ignore_multicast',
  '/proc/sys/net/bridge/bridge-nf-call-*',
  '/proc/sys/net/netfilter/nf_conntrack_max',
  '/proc/sys/net/netfilter/nf_conntrack_count',
].join(' ')

#!/bin/sh
# Prints the network state of each namespace whose path is given, as sections that parse.ts takes apart: one start of a
# program for all of a kind, and none for what is surely not there. It changes nothing; what fails, fails alone.
section() { printf '\036%s\n' "$1"; }

# Once for each namespace, in it.
if [ "$1" = --inside ]; then
  section ip
  # Also an empty answer is one: the items say themselves what they are.
  state=$(ip -json -details -force -batch - <<END
address show
route show table all
rule show
neighbour show
netns list-id
END
  ) || section 'failed ip'
  printf '%s\n' "$state"
  section rules6
  [ ! -e /proc/sys/net/ipv6 ] || ip -6 -json -details rule show || section 'failed ip -6 rule'
  case $state in
    *'"info_kind":"bridge"'* | *'"info_kind":"vxlan"'*)
      section bridge
      printf 'link show\nfdb show\n' | bridge -json -details -batch - || section 'failed bridge'
      ;;
  esac

  section nft
  ruleset=$(nft -j list ruleset) || section 'failed nft'
  printf '%s\n' "$ruleset"
  case $ruleset in
    *'{"rule":'*)
      section nft-text
      nft -a list ruleset
      ;;
  esac
  # Rules of iptables-nft have matches that only iptables can write. A chain of its has a name in capitals.
  case $ruleset in
    *'"name": "PREROUTING"'* | *'"name": "INPUT"'* | *'"name": "FORWARD"'* | *'"name": "OUTPUT"'* | *'"name": "POSTROUTING"'*)
      section iptables-nft
      iptables-nft-save -c || iptables-save -c || section 'failed iptables'
      case $ruleset in
        *'"family": "ip6"'*)
          section ip6tables-nft
          ip6tables-nft-save -c || ip6tables-save -c || section 'failed ip6tables'
          ;;
      esac
      ;;
  esac
  # To list a table that is not there would make it: only those that are.
  table=
  read -r table </proc/net/ip_tables_names
  [ -z "$table" ] || { section iptables-legacy && iptables-legacy-save -c; } || section 'failed iptables-legacy'
  table=
  read -r table </proc/net/ip6_tables_names
  [ -z "$table" ] || { section ip6tables-legacy && ip6tables-legacy-save -c; } || section 'failed ip6tables-legacy'

  count=0
  read -r count </proc/sys/net/netfilter/nf_conntrack_count
  if [ "$count" -gt 0 ]; then
    section conntrack
    # Not every kernel has the file (CONFIG_NF_CONNTRACK_PROCFS).
    cat /proc/net/nf_conntrack || conntrack -L -o extended || section 'failed conntrack'
  fi

  section files
  cd /proc || exit
  # Files that are missing (no IPv6, no br_netfilter) are no failure.
  grep -Hs '' net/tcp net/tcp6 net/udp net/udp6 \
    sys/net/ipv4/conf/*/forwarding sys/net/ipv4/conf/*/rp_filter sys/net/ipv4/conf/*/route_localnet \
    sys/net/ipv4/conf/*/proxy_arp sys/net/ipv4/conf/*/arp_ignore sys/net/ipv4/conf/*/arp_announce \
    sys/net/ipv4/conf/*/arp_filter sys/net/ipv4/conf/*/accept_local \
    sys/net/ipv6/conf/*/disable_ipv6 sys/net/ipv6/conf/*/forwarding sys/net/ipv6/conf/*/accept_ra \
    sys/net/ipv4/icmp_echo_ignore_all sys/net/ipv4/ip_local_port_range \
    sys/net/bridge/bridge-nf-call-iptables sys/net/bridge/bridge-nf-call-ip6tables \
    sys/net/bridge/bridge-nf-call-arptables
  section end
  exit 0
fi

for netns; do
  section "node $netns"
  nsenter --net="$netns" sh "$0" --inside
done 2>/dev/null

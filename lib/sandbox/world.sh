#!/bin/sh
# Builds the world in new and empty namespaces, then becomes the given program, which runs on the node `host`.
#
#          host                              outside
#   +----------------+                +--------------------+
#   | eth0           +----------------+ wan                |
#   | 203.0.113.2    |                | 203.0.113.1        |    lo 198.51.100.1:
#   +----------------+                +--------------------+    'a server on the Internet'
#
# Like the Internet, `outside` has no route to any private range. Addresses: RFC 5737 and RFC 3849.
# With `--machines N`, it rebuilds the wire of such a world for N machines. Each has a network namespace and a state directory of
# its own (lib/cli/shared/state-directory.ts), and all are ports of one Ethernet switch, which has no address:
#
#      host             host2            host3                       outside
#   eth0 .2          eth0 .12         eth0 .13                       wan .1
#      |                |                |                              |
#   ---+----------------+----------------+---- switch: the bridge lan --+---   203.0.113.0/24
#
# There is no clean-up: when the last process of these namespaces ends, the kernel removes everything.
# Standard error carries only the reason of a failed start. The program gets descriptor 3, if it is open, as its standard error.
set -eu

# Descriptor 9 is /proc/PID/stat of the unshare that started us (namespaces.sh). If it was killed before its child had asked the
# kernel to be killed with it, it is a zombie or gone by now, and these processes would never end. So do not start.
if { true <&9; } 2>/dev/null; then
  read -r stat <&9 || exit 1
  case $stat in *') Z '* | *') X '*) exit 1 ;; esac
  exec 9<&-
fi

case $1 in
  # The world exists, or is being built.
  --outside | --machines | --machine) ;;
  *)
    if [ "$1" = --built-on ]; then
      # here.sh has prepared /run.
      shift
    else
      # iproute2 keeps namespaces under /run/netns and iptables a lock under /run: private ones.
      mount -t tmpfs -o mode=0755 netdojo /run
    fi
    # /sys/class/net shows the namespace that mounted /sys. Some containers refuse the mount; little depends on it.
    mount -t sysfs netdojo /sys 2>/dev/null || true
    ;;
esac

# A new namespace copies its IPv4 sysctls from the machine's (net.core.devconf_inherit_init_net), and br_netfilter, where it is
# loaded, passes bridged frames to iptables. Every learner starts with the same sysctls: the kernel's defaults, and bridged frames
# left alone.
kernel_defaults() {
  for name in forwarding rp_filter route_localnet proxy_arp arp_ignore arp_announce arp_filter; do
    echo 0 >"/proc/sys/net/ipv4/conf/all/$name"
    echo 0 >"/proc/sys/net/ipv4/conf/default/$name"
  done
  for name in iptables ip6tables arptables; do
    [ ! -e "/proc/sys/net/bridge/bridge-nf-call-$name" ] || echo 0 >"/proc/sys/net/bridge/bridge-nf-call-$name"
  done
}

if [ "$1" = --outside ]; then
  kernel_defaults
  exec ip -batch -
fi

# On a machine that enters with its name and the last part of its addresses.
if [ "$1" = --machine ]; then
  kernel_defaults
  ip -batch - <<END
link set lo up
link add name eth0 type veth peer name $2 netns switch
address add 203.0.113.$3/24 dev eth0
link set eth0 up
route add default via 203.0.113.1
END
  [ ! -e /proc/sys/net/ipv6 ] || ip -batch - <<END
address add 2001:db8:113::$3/64 dev eth0 nodad
route add default via 2001:db8:113::1
END
  exit
fi

# nodad: without it, the kernel checks an address for duplicates first, and the address cannot be used for a second.
outside6='' host6=''
if [ -e /proc/sys/net/ipv6 ]; then
  outside6='address add 2001:db8:113::1/64 dev wan nodad'
  host6='address add 2001:db8:113::2/64 dev eth0 nodad
route add default via 2001:db8:113::1'
fi

if [ "$1" = --machines ]; then
  ip link delete dev eth0
  ip netns add switch
  ip netns exec switch sh "$0" --outside <<END
link add name lan type bridge forward_delay 0 mcast_snooping 0
link set lan addrgenmode none up
END
  number=1
  while [ $((number += 1)) -le "$2" ]; do
    ip netns add "host$number"
    ip netns exec "host$number" sh "$0" --machine "host$number" $((number + 10))
  done
  # After host2, so that both ends of its cable have different indices: otherwise the kernel takes up to a second to see the carrier
  # (linkwatch_urgent_event in net/core/link_watch.c).
  sh "$0" --machine host 2
  ip -n outside -batch - <<END
link add name wan type veth peer name outside netns switch
address add 203.0.113.1/24 dev wan
link set wan up
$outside6
END
  for port in outside host $(ip netns list | sed -n 's/^\(host[0-9]*\).*/\1/p'); do
    echo "link set dev $port addrgenmode none master lan up"
  done | ip -n switch -batch -
  exit
fi

ip netns add outside
kernel_defaults
# The veth pair is created on outside, with its peer in the namespace of process 1, which is host. A device copies the sysctls of
# its namespace at its creation, so they are set before.
ip netns exec outside sh "$0" --outside <<END
link set lo up
link add wan type veth peer name eth0 netns 1
address add 198.51.100.1/32 dev lo
address add 203.0.113.1/24 dev wan
link set wan up
$outside6
END
ip -batch - <<END
link set lo up
address add 203.0.113.2/24 dev eth0
link set eth0 up
route add default via 203.0.113.1
$host6
END

if { true >&3; } 2>/dev/null; then
  exec "$@" 2>&3 3>&-
fi
exec "$@"

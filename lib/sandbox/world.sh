#!/bin/sh
# Builds the world in namespaces that are new and empty, then becomes the given program, which finds itself on `host`.
#
#          host                              outside
#   +----------------+                +--------------------+
#   | eth0           +----------------+ wan                |
#   | 203.0.113.2    |                | 203.0.113.1        |    lo 198.51.100.1:
#   +----------------+                +--------------------+    'a server on the Internet'
#
# `outside` has no route to any private range, as the Internet has none. Addresses: RFC 5737 and RFC 3849.
# Nothing is cleaned up here: when the last process of these namespaces ends, the kernel takes everything away.
# Standard error tells of a failed start only; the program gets descriptor 3 as its own, if there is one.
set -eu

# Descriptor 9 is the stat of the unshare that started us (namespaces.ts). One that was killed before its child had asked to be
# killed with it would leave us behind: then it is gone by now, or a zombie.
if { true <&9; } 2>/dev/null; then
  read -r stat <&9 || exit 1
  case $stat in *') Z '* | *') X '*) exit 1 ;; esac
  exec 9<&-
fi

if [ "$1" = --built-on ]; then
  # here.sh has prepared /run.
  shift
elif [ "$1" != --outside ]; then
  # iproute2 keeps namespaces under /run/netns and iptables a lock under /run: private ones.
  mount -t tmpfs -o mode=0755 netdojo /run
fi
# /sys/class/net shows the namespace that mounted it, as `ip netns exec` does. Refused inside some containers; little depends on it.
[ "$1" = --outside ] || mount -t sysfs netdojo /sys 2>/dev/null || true

# A new namespace copies its IPv4 settings from the machine's (net.core.devconf_inherit_init_net), and
# br_netfilter passes bridged frames to iptables where it is loaded: every learner starts from
# the same settings, the kernel's own defaults (with bridged frames left alone), whatever this machine does.
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

# nodad: an address that must first be checked for duplicates is not there for its first second.
outside6='' host6=''
if [ -e /proc/sys/net/ipv6 ]; then
  outside6='address add 2001:db8:113::1/64 dev wan nodad'
  host6='address add 2001:db8:113::2/64 dev eth0 nodad
route add default via 2001:db8:113::1'
fi

ip netns add outside
kernel_defaults
# The cable is made from outside (its other end for process 1, which is on host): a device copies the settings of
# the namespace that it is made in, so they must be there before it.
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

#!/bin/sh
# Tries each kernel feature in an empty network by using it, and prints one line per feature: its name, ok or no, and the error.
try() {
  name=$1
  shift
  if output=$("$@" 2>&1 >/dev/null); then echo "$name ok"; else echo "$name no $(printf %s "$output" | tr '\n' ' ')"; fi
}
nat() {
  nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }; add rule ip t c masquerade'
}
ip link add v0 type veth peer name v1 2>/dev/null && ip link set v0 up && ip link set v1 up
try veth ip link show v0
try bridge ip link add b0 type bridge
try nftables nft 'add table ip t; add chain ip t f { type filter hook forward priority 0; }; add rule ip t f ct state established accept'
try bridge-filter nft 'add table bridge t; add chain bridge t c { type filter hook prerouting priority -300; }; add rule bridge t c arp saddr ip 0.0.0.0 drop'
try NAT nat
try iptables iptables -t nat -A POSTROUTING -o v0 -j MASQUERADE
try conntrack conntrack -L
try vxlan ip link add x0 type vxlan id 1 dstport 4789
try macvlan ip link add m0 link v0 type macvlan
try ipvlan ip link add i0 link v1 type ipvlan
try dummy ip link add d0 type dummy
try VLAN ip link add link v0 name w0 type vlan id 1
try netem tc qdisc add dev v0 root netem delay 1ms

// Builds a small world for tests that read it: a bridge with two namespaces, routes, SNAT and DNAT.
import { sh } from './sandbox.ts'

export function makeWorld(): void {
  sh(`set -e
    ip link add br0 type bridge
    for i in 1 2; do
      ip netns add ns$i
      ip link add veth$i type veth peer name eth0 netns ns$i
      ip link set veth$i master br0 up
      ip -n ns$i address add 172.18.0.$((i + 1))/24 dev eth0
      ip -n ns$i link set eth0 up
    done
    ip address add 172.18.0.1/24 dev br0
    ip link set br0 up
    ip -n ns1 route add default via 172.18.0.1
    sysctl -qw net.ipv4.conf.all.forwarding=1
    iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
    iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`)
}

/** Removes everything, also what cleanHost leaves. */
export function endWorld(): void {
  // The kernel removes the devices of a deleted namespace a moment later, but the next world needs their names at once.
  sh(`for link in br0 veth1 veth2; do ip link delete $link 2>/dev/null; done
    for i in 1 2 3 4; do ip netns delete ns$i 2>/dev/null; done
    nft flush ruleset; iptables-legacy -F 2>/dev/null
    sysctl -qw net.ipv4.conf.all.forwarding=0; true`)
}

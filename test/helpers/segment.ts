// Builds a host with two namespaces on one bridge, for tests of journeys: ns1 and ns2, each with `eth0`, at the ports veth1 and veth2 of br0.
import { existsSync, writeFileSync } from 'node:fs'
import { cleanHost, sh, succeeds } from './sandbox.ts'

/** Gives an IPv6 address; the kernel joins the group in which neighbours ask for it a little later. */
export function addressV6(netns: string | null, device: string, host: number): string {
  const ip = netns === null ? 'ip' : `ip -n ${netns}`
  return `${ip} address add fd00::${host}/64 dev ${device} nodad
    until ${ip} -6 maddress show dev ${device} | grep -q ff02::1:ff00:${host}; do sleep 0.02; done`
}

/** The addresses fd00::2 and fd00::3 of ns1 and ns2. */
export const bothV6 = `${addressV6('ns1', 'eth0', 2)}
  ${addressV6('ns2', 'eth0', 3)}`

/** Removes what the test before has left, and builds everything again. */
export function network(): void {
  cleanNetwork()
  sh(`sysctl -qw net.ipv4.conf.all.forwarding=1
    ip link add br0 type bridge
    ip address add 172.18.0.1/24 dev br0; ip link set br0 up
    for n in 1 2; do
      ip netns add ns$n
      ip link add veth$n master br0 up type veth peer name eth0 netns ns$n
      ip -n ns$n link set lo up
      ip -n ns$n address add 172.18.0.$((n + 1))/24 dev eth0
      ip -n ns$n link set eth0 up
      ip -n ns$n route add default via 172.18.0.1
    done`)
}

export function cleanNetwork(): void {
  cleanHost()
  sh(`for link in $(ip -br link | cut -d' ' -f1 | cut -d@ -f1); do
      case $link in lo | eth0) ;; *) ip link delete $link 2>/dev/null ;; esac
    done
    tc qdisc delete dev eth0 root 2>/dev/null; tc qdisc delete dev eth0 clsact 2>/dev/null
    ip -n outside link delete vx0 2>/dev/null
    ip -n outside link set wan up mtu 1500; ip netns exec outside nft flush ruleset
    ip link set eth0 up mtu 1500
    for table in main cache; do ip route flush table $table; done
    ip route add 203.0.113.0/24 dev eth0 src 203.0.113.2
    ip route add default via 203.0.113.1
    ip -n outside route flush proto boot; ip -n outside -6 route flush proto boot
    for address in $(ip -n outside -4 -o address show dev lo | tr -s ' ' | cut -d' ' -f4); do
      case $address in 127.* | 198.51.100.1/*) ;; *) ip -n outside address delete $address dev lo ;; esac
    done
    while ip rule delete priority 32765 2>/dev/null; do :; done
    ip netns exec outside sysctl -qw net.ipv4.conf.all.forwarding=0
    ip -n outside neighbour flush all; ip neighbour flush all
    ip netns exec outside sysctl -qw net.ipv4.icmp_echo_ignore_all=0
    sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.arp_ignore=0
    iptables -P FORWARD ACCEPT; iptables -P INPUT ACCEPT; iptables -P OUTPUT ACCEPT
    ip6tables -P FORWARD ACCEPT; ip6tables -P INPUT ACCEPT`)
  if (succeeds('grep -q filter /proc/net/ip_tables_names'))
    sh('iptables-legacy -P FORWARD ACCEPT; iptables-legacy -F; iptables-legacy -t nat -F')
  for (const name of ['iptables', 'ip6tables', 'arptables']) {
    const path = `/proc/sys/net/bridge/bridge-nf-call-${name}`
    if (existsSync(path)) writeFileSync(path, '0')
  }
}

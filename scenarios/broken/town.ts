// Builds the network that most broken networks start from: two namespaces behind br0, a published port, and db on br1.

// The commands run in batches, because starting `ip` or `iptables` takes longer than the work itself. br0 has a fixed MAC
// address. Otherwise a bridge takes the lowest MAC address of its ports (br_stp_recalculate_bridge_id in
// net/bridge/br_stp_if.c). Replacing a cable could then change the gateway's MAC address, and the neighbours would use the
// old one until their entries are stale.

/** br0 with ns1 and ns2. Port 80 of the host leads to the web server of ns1, and MASQUERADE gives both a way out. */
export const street = `
  sysctl -w net.ipv4.conf.all.forwarding=1
  ip netns add ns1
  ip netns add ns2
  ip -batch - <<END
  link add br0 address 02:00:ac:12:00:01 type bridge
  address add 172.18.0.1/24 dev br0
  link set br0 up
  link add veth1 master br0 up type veth peer name eth0 netns ns1
  link add veth2 master br0 up type veth peer name eth0 netns ns2
  END
  for n in 1 2; do ip -n ns$n -batch - <<END
  link set lo up
  address add 172.18.0.$((n + 1))/24 dev eth0
  link set eth0 up
  route add default via 172.18.0.1
  END
  done
  iptables-restore --noflush <<END
  *nat
  -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
  -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE
  -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80
  COMMIT
  END`

/** br1 with db, which also reaches the Internet by MASQUERADE. */
export const neighbour = `
  ip netns add db
  ip -batch - <<END
  link add br1 type bridge
  address add 172.19.0.1/24 dev br1
  link set br1 up
  link add veth3 master br1 up type veth peer name eth0 netns db
  END
  ip -n db -batch - <<END
  link set lo up
  address add 172.19.0.2/24 dev eth0
  link set eth0 up
  route add default via 172.19.0.1
  END
  iptables -t nat -A POSTROUTING -s 172.19.0.0/24 -o eth0 -j MASQUERADE`

/** Rules that separate the two networks. */
export const fence = `
  iptables-restore --noflush <<END
  *filter
  -A FORWARD -i br0 -o br1 -j REJECT
  -A FORWARD -i br1 -o br0 -j REJECT
  COMMIT
  END`

export const town = street + neighbour + fence

export const townServers = [
  ['ns1', '80'],
  ['outside', '80'],
] as const

export const picture = `
       ns1
  +------------+             host                        outside
  | eth0       |    +------------------------+    +---------------------+
  | 172.18.0.2 +----+ br0         eth0       |    | wan                 |
  | web server |    | 172.18.0.1  203.0.113.2+----+ 203.0.113.1         |
  +------------+    |                        |    |                     |
       ns2          | port 80 leads to ns1   |    | lo 198.51.100.1,    |
  +------------+    |                        |    | web server          |
  | eth0       +----+ br0                    |    +---------------------+
  | 172.18.0.3 |    |                        |
  +------------+    |                        |
       db           |                        |
  +------------+    |                        |
  | eth0       +----+ br1                    |
  | 172.19.0.2 |    | 172.19.0.1             |
  +------------+    +------------------------+`

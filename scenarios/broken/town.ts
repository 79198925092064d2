// The network that most of the broken ones were: two namespaces behind br0 with a published port, and a neighbour on br1.

// In batches: each start of `ip` or `iptables` costs more than what it does. The hardware address of br0 is pinned:
// without, a bridge takes the lowest of its ports' (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id), so that
// whoever replaces a cable may change the gateway's, and the others look for the old one until their entry is stale.

/** br0 with ns1, whose web server is the host's port 80, and ns2; out by MASQUERADE. */
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

/** br1 with db; it has a way out, too. */
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

/** The two networks must not reach each other. */
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

// The network that most of the broken ones were: two namespaces behind br0 with a published port, and a neighbour on br1.

/** br0 with ns1, whose web server is the host's port 80, and ns2; out by MASQUERADE. */
export const street = `
  sysctl -w net.ipv4.conf.all.forwarding=1
  ip link add br0 type bridge
  ip address add 172.18.0.1/24 dev br0
  ip link set br0 up
  for n in 1 2; do
    ip netns add ns$n
    ip link add veth$n master br0 up type veth peer name eth0 netns ns$n
    ip -n ns$n link set lo up
    ip -n ns$n address add 172.18.0.$((n + 1))/24 dev eth0
    ip -n ns$n link set eth0 up
    ip -n ns$n route add default via 172.18.0.1
  done
  iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
  iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -d 172.18.0.0/24 -o br0 -j MASQUERADE
  iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80`

/** br1 with db; it has a way out, too. */
export const neighbour = `
  ip link add br1 type bridge
  ip address add 172.19.0.1/24 dev br1
  ip link set br1 up
  ip netns add db
  ip link add veth3 master br1 up type veth peer name eth0 netns db
  ip -n db link set lo up
  ip -n db address add 172.19.0.2/24 dev eth0
  ip -n db link set eth0 up
  ip -n db route add default via 172.19.0.1
  iptables -t nat -A POSTROUTING -s 172.19.0.0/24 -o eth0 -j MASQUERADE`

/** The two networks must not reach each other. */
export const fence = `
  iptables -A FORWARD -i br0 -o br1 -j REJECT
  iptables -A FORWARD -i br1 -o br0 -j REJECT`

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

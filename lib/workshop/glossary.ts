// Explains the terms of the course, each in two sentences; docs/glossary.md is written from this list.

export type Entry = {
  readonly term: string
  /** Finds the term in an English text, a command or its output. */
  readonly pattern: RegExp
  readonly meaning: string
}

export const glossary: readonly Entry[] = [
  {
    term: 'host, outside',
    pattern: /\boutside\b/,
    meaning:
      "host is the machine that you configure. outside is the rest of the Internet: a router at 203.0.113.1 and a server at 198.51.100.1, which has a route only to the host's network.",
  },
  {
    term: 'network namespace',
    pattern: /\bnamespaces?\b|netns/,
    meaning:
      'A second network stack of the same kernel: it has its own interfaces, addresses, routes and firewall rules. A container is a program in such a namespace.',
  },
  {
    term: 'veth pair',
    pattern: /\bveth/,
    meaning:
      'Two virtual interfaces that act like the two ends of a cable: what one end sends, the other end receives. Each end can be in another namespace.',
  },
  {
    term: '@if2, @veth1',
    pattern: /@\w+/,
    meaning:
      "The other end of a veth pair, as 'ip link' writes it after the name. veth0@if2 means: the other end is interface number 2 in another namespace.",
  },
  {
    term: 'lo, the loopback interface',
    pattern: /\bloopback\b|\blo\b/,
    meaning:
      'The interface on which a machine reaches itself; 127.0.0.1 (localhost) is on it. In a new namespace it is down.',
  },
  {
    term: 'prefix length, /24',
    pattern: /\/(?:8|16|24|29|32)\b|prefix/,
    meaning:
      'The number of leading bits that all addresses of a network share. 172.18.0.0/24 is the network from 172.18.0.0 to 172.18.0.255; /32 is one address alone.',
  },
  {
    term: 'documentation addresses: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32',
    pattern: /192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8/,
    meaning:
      'Addresses that are reserved for examples (RFC 5737, RFC 3849), so they exist nowhere on the Internet. Addresses that begin with 2001:db8 are their form in IPv6.',
  },
  {
    term: 'route, default route, gateway',
    pattern: /\broutes?\b|\bdefault\b|\bgateway\b/,
    meaning:
      "A route says through which interface, and to which next machine, packets for a range of addresses go. The default route is for all other addresses, and the gateway is the next machine that it names ('via').",
  },
  {
    term: 'ARP, MAC address, neighbour table',
    pattern: /\bARP\b|\bMAC\b|neighbour/,
    meaning:
      'On one network, frames go to MAC (hardware) addresses. A machine finds the MAC address for an IP address by asking all machines (ARP), and keeps the answer in its neighbour table.',
  },
  {
    term: 'bridge, port, forwarding table (fdb)',
    pattern: /\bbridge\b|\bfdb\b|\bbr0\b/,
    meaning:
      'A bridge is a switch in software. Interfaces become its ports, and its forwarding table (fdb) says which MAC address is behind which port.',
  },
  {
    term: 'flooding',
    pattern: /flood/,
    meaning:
      'A bridge sends a frame out of every other port when it does not know the port of the destination. After the first answer it knows the port.',
  },
  {
    term: 'ping, ICMP echo, ttl',
    pattern: /\bping\b|ICMP|\bttl\b/,
    meaning:
      'ping sends an ICMP echo request and waits for the echo reply. ttl (time to live) is a number that each router lowers by one, so 63 instead of 64 means: one router was on the way.',
  },
  {
    term: 'serve',
    pattern: /\bserve\b/,
    meaning:
      "A small web server of this lab. It answers 'hello from NODE: I see you as ADDRESS', so you see which server answered and which source address the request had.",
  },
  {
    term: 'forwarding',
    pattern: /\bforward(?:ing|s)?\b(?! table)/,
    meaning:
      'A machine that forwards passes packets on that are not for itself: it is a router. Linux does this only if the sysctl net.ipv4.conf.all.forwarding is 1.',
  },
  {
    term: 'sysctl',
    pattern: /sysctl/,
    meaning:
      "A setting of the kernel with a name such as net.ipv4.conf.all.forwarding. 'sysctl NAME' shows it, 'sysctl -w NAME=VALUE' changes it, and a reboot resets it.",
  },
  {
    term: 'hook',
    pattern: /PREROUTING|POSTROUTING|\bFORWARD\b|\bhooks?\b|\bOUTPUT\b|\bchains?\b/,
    meaning:
      'A place on the way of a packet through the kernel where firewall rules are applied. A chain is the list of rules at a hook, and the first rule that matches decides.',
  },
  {
    term: 'NAT, MASQUERADE',
    pattern: /MASQUERADE|\bNAT\b/,
    meaning:
      'NAT (network address translation) changes an address in a packet. MASQUERADE, in POSTROUTING, replaces the source by the address of the outgoing interface.',
  },
  {
    term: 'DNAT, published port',
    pattern: /DNAT|publish/,
    meaning:
      "DNAT, in PREROUTING or OUTPUT, replaces the destination. A port of the host then leads to a container: 'docker run -p 80:80' publishes it like this.",
  },
  {
    term: 'connection tracking (conntrack)',
    pattern: /conntrack|[Cc]onnection tracking|tracks?\b/,
    meaning:
      'The kernel remembers each connection and the addresses that NAT changed, and changes them back in the answers. Only the first packet of a connection passes the NAT rules.',
  },
  {
    term: 'hairpin',
    pattern: /hairpin/,
    meaning:
      'A connection from a container to its own published port, or to that of a neighbour: the packet turns around in the host. Without MASQUERADE, the answer would bypass the host.',
  },
  {
    term: 'IPAM, bitmap, lease',
    pattern: /\bipam\b|bitmap|\bleases?\b/,
    meaning:
      'IPAM (IP address management) gives each container an address that no other has. In the bitmap, each address has one bit, and a lease is an address with its owner.',
  },
  {
    term: 'host2, switch',
    pattern: /\bhost2\b/,
    meaning:
      'host2 is a second machine, like host: 203.0.113.12. In such a lesson, the wire of all machines and of outside is an Ethernet switch, a node of its own.',
  },
  {
    term: 'tunnel, VXLAN, inner and outer packet',
    pattern: /VXLAN|vxlan|\btunnel\b/,
    meaning:
      'A tunnel carries packets inside other packets. VXLAN puts a whole Ethernet frame (the inner packet) into a UDP packet between two machines (the outer packet), usually to port 4789.',
  },
  {
    term: 'VTEP',
    pattern: /VTEP|vxlan/,
    meaning:
      'VXLAN tunnel endpoint: a machine that puts frames into VXLAN packets and takes them out, or its address. In Linux, that is the address after the word local of a VXLAN device.',
  },
  {
    term: 'VNI',
    pattern: /VNI|\bvni\b|vxlan/,
    meaning:
      'VXLAN network identifier: a number from 1 to 16777215 in each VXLAN packet that says to which network the frame belongs. A device accepts only packets with its own VNI.',
  },
  {
    term: 'forwarding entry, fdb entry, permanent entry',
    pattern: /\bfdb\b|[Ff]orwarding entr|permanent/,
    meaning:
      'A line of a forwarding table (fdb): a MAC address, and where its frames go. For a VXLAN device, that is the address of another machine; a permanent entry was set by a program and never expires.',
  },
  {
    term: 'etcd, follower',
    pattern: /\betcd\b|\bfollower\b/,
    meaning:
      'etcd is a store of keys and values that several machines share. A program can watch keys there, and etcd tells it each change. The follower is such a program: on each machine, it makes the kernel’s entries from what etcd has.',
  },
  {
    term: 'overlay network',
    pattern: /overlay/,
    meaning:
      'A network whose containers are on several machines: a tunnel joins the bridges of the machines, so all containers have addresses of one subnet.',
  },
  {
    term: 'MTU, fragment',
    pattern: /\bMTU\b|\bmtu\b|fragment/,
    meaning:
      'The MTU is the largest packet that an interface sends, usually 1500 bytes. A larger packet is divided into fragments, or refused if its flag DF (do not fragment) is set.',
  },
  {
    term: 'the signs in the pictures',
    pattern: /./,
    meaning:
      'A square box is a node, a round box an interface, and a double box a bridge. A dashed line is a cable that is down, and a double line is a tunnel; ⇄ marks address translation, ⋯ forwarding, and ↳ a route.',
  },
]

export function isIn({ pattern }: Entry, text: string): boolean {
  return pattern.test(text)
}

/** The hooks, and what a packet passes between them. */
export const hooksPicture = `
  comes in                                                    leaves
     |                                                           ^
     v                                                           |
 PREROUTING --> routing --> FORWARD ----------------------> POSTROUTING
 (DNAT)         decision                                   (MASQUERADE)
                   |  for the host itself                        ^
                   v                                             |
                 INPUT --> program --> routing --> OUTPUT -------+
                           (server,    decision    (DNAT)
                            curl, ping)`

// Translates the glossary of the workshop into Chinese.
import type { Catalogue } from '../catalogue.ts'

export default {
  'host, outside': 'host（宿主机）、outside',
  "host is the machine that you configure. outside is the rest of the Internet: a router at 203.0.113.1 and a server at 198.51.100.1, which has a route only to the host's network.":
    'host 是你要配置的机器。outside 是互联网的其余部分：203.0.113.1 上的路由器和 198.51.100.1 上的服务器，它只有到宿主机所在网络的路由。',
  'A second network stack of the same kernel: it has its own interfaces, addresses, routes and firewall rules. A container is a program in such a namespace.':
    '同一个内核的另一套网络协议栈：有自己的接口、地址、路由和防火墙规则。容器就是这样一个命名空间里的程序。',
  'veth pair': 'veth 对',
  'Two virtual interfaces that act like the two ends of a cable: what one end sends, the other end receives. Each end can be in another namespace.':
    '两个虚拟接口，就像一根网线的两端：一端发出的，另一端收到。两端可以在不同的命名空间里。',
  "The other end of a veth pair, as 'ip link' writes it after the name. veth0@if2 means: the other end is interface number 2 in another namespace.":
    'veth 对的另一端，ip link 把它写在名字后面。veth0@if2 的意思是：另一端是另一个命名空间里的 2 号接口。',
  'lo, the loopback interface': 'lo，回环接口',
  'The interface on which a machine reaches itself; 127.0.0.1 (localhost) is on it. In a new namespace it is down.':
    '机器用来到达自己的接口；127.0.0.1（localhost）在它上面。在新的命名空间里，它是 down。',
  'prefix length, /24': '前缀长度，/24',
  'The number of leading bits that all addresses of a network share. 172.18.0.0/24 is the network from 172.18.0.0 to 172.18.0.255; /32 is one address alone.':
    '一个网络的所有地址共有的前导位数。172.18.0.0/24 是从 172.18.0.0 到 172.18.0.255 的网络；/32 只是一个地址。',
  'documentation addresses: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32':
    '文档专用地址：192.0.2.0/24、198.51.100.0/24、203.0.113.0/24、2001:db8::/32',
  'Addresses that are reserved for examples (RFC 5737, RFC 3849), so they exist nowhere on the Internet. Addresses that begin with 2001:db8 are their form in IPv6.':
    '专门留给示例的地址（RFC 5737、RFC 3849），互联网上并不存在。以 2001:db8 开头的是它们在 IPv6 中的形式。',
  'route, default route, gateway': '路由、默认路由、网关',
  "A route says through which interface, and to which next machine, packets for a range of addresses go. The default route is for all other addresses, and the gateway is the next machine that it names ('via').":
    '路由说明发往某个地址范围的包从哪个接口、交给哪台下一跳机器。默认路由管其他所有地址，网关就是它指定的下一跳（via）。',
  'ARP, MAC address, neighbour table': 'ARP、MAC 地址、邻居表',
  'On one network, frames go to MAC (hardware) addresses. A machine finds the MAC address for an IP address by asking all machines (ARP), and keeps the answer in its neighbour table.':
    '在同一个网络里，帧发往 MAC（硬件）地址。机器向所有机器询问（ARP），得到某个 IP 地址的 MAC 地址，并把应答记在邻居表里。',
  'bridge, port, forwarding table (fdb)': '网桥、端口、转发表（fdb）',
  'A bridge is a switch in software. Interfaces become its ports, and its forwarding table (fdb) says which MAC address is behind which port.':
    '网桥是软件实现的交换机。接口成为它的端口，它的转发表（fdb）记录哪个 MAC 地址在哪个端口后面。',
  flooding: '泛洪',
  'A bridge sends a frame out of every other port when it does not know the port of the destination. After the first answer it knows the port.':
    '网桥不知道目的地址在哪个端口时，就把帧从其他每个端口发出。收到第一个应答后，它就知道端口了。',
  'ping, ICMP echo, ttl': 'ping、ICMP echo、ttl',
  'ping sends an ICMP echo request and waits for the echo reply. ttl (time to live) is a number that each router lowers by one, so 63 instead of 64 means: one router was on the way.':
    'ping 发送 ICMP 回显请求并等待回显应答。ttl（生存时间）是每经过一台路由器就减一的数，所以 63 而不是 64 表示：途中有一台路由器。',
  "A small web server of this lab. It answers 'hello from NODE: I see you as ADDRESS', so you see which server answered and which source address the request had.":
    '本实验的小型 Web 服务器。它应答“hello from NODE: I see you as ADDRESS”，于是你能看到是哪个服务器应答的，请求的源地址是什么。',
  forwarding: '转发',
  'A machine that forwards passes packets on that are not for itself: it is a router. Linux does this only if the sysctl net.ipv4.conf.all.forwarding is 1.':
    '会转发的机器把不是发给自己的包传下去：它就是路由器。只有 sysctl net.ipv4.conf.all.forwarding 为 1，Linux 才这样做。',
  "A setting of the kernel with a name such as net.ipv4.conf.all.forwarding. 'sysctl NAME' shows it, 'sysctl -w NAME=VALUE' changes it, and a reboot resets it.":
    '内核参数，名字如 net.ipv4.conf.all.forwarding。sysctl NAME 显示它，sysctl -w NAME=VALUE 修改它，重启后恢复。',
  hook: '钩子（hook）',
  'A place on the way of a packet through the kernel where firewall rules are applied. A chain is the list of rules at a hook, and the first rule that matches decides.':
    '包在内核中经过的一个位置，防火墙规则在那里起作用。链是一个钩子上的规则列表，第一条匹配的规则决定结果。',
  'NAT (network address translation) changes an address in a packet. MASQUERADE, in POSTROUTING, replaces the source by the address of the outgoing interface.':
    'NAT（网络地址转换）改写包里的地址。MASQUERADE 在 POSTROUTING 中把源地址换成出接口的地址。',
  'DNAT, published port': 'DNAT、端口映射',
  "DNAT, in PREROUTING or OUTPUT, replaces the destination. A port of the host then leads to a container: 'docker run -p 80:80' publishes it like this.":
    'DNAT 在 PREROUTING 或 OUTPUT 中改写目的地址。于是宿主机的一个端口通向容器：docker run -p 80:80 就是这样发布的。',
  'connection tracking (conntrack)': '连接跟踪（conntrack）',
  'The kernel remembers each connection and the addresses that NAT changed, and changes them back in the answers. Only the first packet of a connection passes the NAT rules.':
    '内核记住每条连接和 NAT 改写过的地址，并在应答中改回来。只有连接的第一个包经过 NAT 规则。',
  'A connection from a container to its own published port, or to that of a neighbour: the packet turns around in the host. Without MASQUERADE, the answer would bypass the host.':
    '容器访问自己或邻居的已发布端口：包在宿主机里掉头。没有 MASQUERADE，应答就会绕过宿主机。',
  'IPAM, bitmap, lease': 'IPAM、位图、租约',
  'IPAM (IP address management) gives each container an address that no other has. In the bitmap, each address has one bit, and a lease is an address with its owner.':
    'IPAM（IP 地址管理）给每个容器一个独有的地址。在位图中每个地址占一位；租约是地址和它的主人。',
  'the signs in the pictures': '图中的符号',
  'A square box is a node, a round box an interface, and a double box a bridge. A dashed line is a cable that is down, and a double line is a tunnel; ⇄ marks address translation, ⋯ forwarding, and ↳ a route.':
    '方框是节点，圆角框是接口，双线框是网桥。虚线是未启用的网线，双线是隧道；⇄ 表示地址转换，⋯ 表示转发，↳ 表示路由。',
  'host2, switch': 'host2、交换机（switch）',
  'host2 is a second machine, like host: 203.0.113.12. In such a lesson, the wire of all machines and of outside is an Ethernet switch, a node of its own.':
    'host2 是和 host 一样的第二台机器：203.0.113.12。在这样的课程里，所有机器和 outside 之间的线路是一台以太网交换机，它是一个单独的节点。',
  'tunnel, VXLAN, inner and outer packet': '隧道、VXLAN、内层包和外层包',
  'A tunnel carries packets inside other packets. VXLAN puts a whole Ethernet frame (the inner packet) into a UDP packet between two machines (the outer packet), usually to port 4789.':
    '隧道把包装在其他包里传送。VXLAN 把整个以太网帧（内层包）装进两台机器之间的 UDP 包（外层包），通常发往端口 4789。',
  'VXLAN tunnel endpoint: a machine that puts frames into VXLAN packets and takes them out, or its address. In Linux, that is the address after the word local of a VXLAN device.':
    'VXLAN 隧道端点：把帧装进 VXLAN 包并从中取出的机器，也指它的地址。在 Linux 中，就是 VXLAN 设备的 local 后面的地址。',
  'VXLAN network identifier: a number from 1 to 16777215 in each VXLAN packet that says to which network the frame belongs. A device accepts only packets with its own VNI.':
    'VXLAN 网络标识：每个 VXLAN 包里的一个编号（1 到 16777215），说明帧属于哪个网络。设备只接受带有自己 VNI 的包。',
  'forwarding entry, fdb entry, permanent entry': '转发表项、FDB 表项、永久表项',
  'A line of a forwarding table (fdb): a MAC address, and where its frames go. For a VXLAN device, that is the address of another machine; a permanent entry was set by a program and never expires.':
    '转发表（FDB）中的一行：一个 MAC 地址，以及发给它的帧去哪里。对 VXLAN 设备来说，去处是另一台机器的地址；永久表项由程序设置，不会过期。',
  'etcd, follower': 'etcd、follower（跟随程序）',
  'etcd is a store of keys and values that several machines share. A program can watch keys there, and etcd tells it each change. The follower is such a program: on each machine, it makes the kernel’s entries from what etcd has.':
    'etcd 是多台机器共用的键值存储。程序可以监视其中的键，etcd 会把每次更改通知它。follower 就是这样的程序：它在每台机器上，根据 etcd 中的内容生成内核的表项。',
  'overlay network': 'overlay 网络',
  'A network whose containers are on several machines: a tunnel joins the bridges of the machines, so all containers have addresses of one subnet.':
    '容器分布在多台机器上的网络：隧道把各台机器的网桥连接起来，所以所有容器的地址都在同一个子网中。',
  'MTU, fragment': 'MTU、分片',
  'The MTU is the largest packet that an interface sends, usually 1500 bytes. A larger packet is divided into fragments, or refused if its flag DF (do not fragment) is set.':
    'MTU 是接口发送的最大包，通常是 1500 字节。更大的包会被分片；如果设置了 DF（禁止分片）标志，则会被拒绝。',
} satisfies Catalogue

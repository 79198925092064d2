// Translates the scenario bridge-network into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The whole system: networks and containers with the library': '完整的系统：用库来管理网络和容器',
  "Here a program does what the other scenarios did by hand: netdojo's own library, in TypeScript. It keeps records, gives out addresses, and makes the same changes in the kernel as your commands did. The scenario shows each call as it stands in the source, followed by the equivalent commands. The command 'netdojo network create --explain' shows these commands, too.":
    "在这里，由程序来完成其他场景中手工完成的工作：netdojo 自己的库，用 TypeScript 编写。它保存记录、分配地址，对内核所做的修改与你输入的命令相同。场景按源码显示每次调用，后面列出等效的命令。命令 'netdojo network create --explain' 也会显示这些命令。",
  'Create a network': '创建网络',
  "The library creates a bridge with the gateway's address, and two nftables tables: one for packets, one for frames. Their rules never change. Networks and published ports are elements of sets and maps, so a thousand of them cost no more than one. Records and used addresses are stored on disk.\n\nYour rules of the earlier scenarios were a list: one MASQUERADE rule for each network and one DNAT rule for each port, which the kernel tries one after the other. They do the same, but a long list is slow, and each change replaces the list while packets pass. Here a change is one transaction that adds or removes elements.":
    '库会创建一个带网关地址的网桥和两张 nftables 表：一张处理数据包，一张处理帧。表中的规则从不改变。网络和发布的端口都是集合（set）与映射（map）里的元素，所以一千个也不比一个更费资源。记录和已占用的地址保存在磁盘上。\n\n前面各场景里，你的规则是一个列表：每个网络一条 MASQUERADE 规则，每个端口一条 DNAT 规则，内核逐条尝试。作用是一样的，但列表长了就慢，而且每次改动都要在包经过时替换整个列表。在这里，一次改动是添加或删除元素的一个事务。',
  "no interface has the gateway's address yet": '还没有接口拥有网关地址',
  'the bridge has the first address of the subnet': '网桥有子网的第一个地址',
  'Two containers': '两个容器',
  'A container is a program with its own namespaces. Its network is ready before the program starts. It has a veth pair to the bridge, an address from the bitmap, and a default route. The first container publishes a port.':
    '容器是拥有自己命名空间的程序。程序启动之前，它的网络已经就绪：通往网桥的 veth 对、从位图分配的地址和默认路由。第一个容器发布一个端口。',
  'Connections from the containers': '容器发起的连接',
  'Both containers are on one bridge. Each container has a hosts file with the names of the others. The library updates these files when containers come and go. For connections to the Internet, the host uses its own address (MASQUERADE).':
    '两个容器接在同一个网桥上。每个容器都有一个 hosts 文件，里面有其他容器的名字。容器加入或离开时，库会更新这些文件。访问互联网时，宿主机使用自己的地址（MASQUERADE）。',
  'client reaches web by name': 'client 用名字就能到达 web',
  'web reads the page of client by name': 'web 能用名字读到 client 的网页',
  'the host reads the page of client': '宿主机能读到 client 的网页',
  'the loopback interface of web is up, and web has no IPv6 address on its network':
    'web 的回环接口处于 up 状态，web 在它的网络上没有 IPv6 地址',
  'the loopback interface of client is up, and client has no IPv6 address on its network':
    'client 的回环接口处于 up 状态，client 在它的网络上没有 IPv6 地址',
  "web reads a page on the Internet, and that server sees the host's address":
    'web 能读到互联网上的网页，那里的服务器看到的是宿主机的地址',
  "client reads a page on the Internet, and that server sees the host's address":
    'client 能读到互联网上的网页，那里的服务器看到的是宿主机的地址',
  'The published port, from every side': '从各处访问发布的端口',
  "From outside, the container sees the real client. But a neighbour's answer could go back directly, without the host. In that case the host uses its own address as the source, so that the answer comes back to the host.":
    '从外部访问时，容器看到真实的客户端。但相邻容器之间的应答可能不经过宿主机，直接返回。这时宿主机把源地址换成自己的地址，使应答回到宿主机。',
  'outside reaches web through the published port': 'outside 通过发布的端口能访问 web',
  'the host reaches web at its own outer address': '宿主机通过自己的外部地址能访问 web',
  'the host reaches web at localhost': '宿主机通过 localhost 能访问 web',
  'web reaches itself through its published port (hairpin NAT)':
    'web 通过自己发布的端口能访问自己（发夹 NAT，hairpin）',
  'client reaches web through the published port': 'client 通过发布的端口能访问 web',
  'A second network is isolated': '第二个网络是隔离的',
  'The host could route between the two networks, but it must not. Only members of a network may reach its containers directly. Everybody may reach their published ports. In the firewall, a second network is only three more elements.':
    '宿主机本来可以在两个网络之间路由，但不允许这样做：只有同一网络的成员才能直接到达其中的容器。发布的端口对所有机器开放。对防火墙来说，多一个网络只是多三个元素。',
  'neither bridge has an IPv6 route: these networks have no IPv6':
    '两个网桥都没有 IPv6 路由：这两个网络没有 IPv6',
  'the loopback interface of stranger is up, and stranger has no IPv6 address on its network':
    'stranger 的回环接口处于 up 状态，stranger 在它的网络上没有 IPv6 地址',
  'stranger reads a page on the Internet': 'stranger 能读到互联网上的网页',
  'stranger does not reach web': 'stranger 到达不了 web',
  'web does not reach stranger': 'web 到达不了 stranger',
  'stranger does not know the name web': 'stranger 不知道 web 这个名字',
  'stranger reaches the published port of web': 'stranger 能访问 web 发布的端口',
  'stranger reaches its own published port': 'stranger 能访问自己发布的端口',
  'the host reaches the port of stranger at localhost':
    '宿主机通过 localhost 能访问 stranger 的端口',
  'Attach and detach while a container runs': '在容器运行时接入和断开',
  'A second interface makes stranger a member of both networks. reconcile() then updates everything that depends on the records, here the names in the hosts files. disconnect() removes the address, the route and the connection tracking entries. So the next owner of the address inherits nothing.':
    '第二个接口让 stranger 成为两个网络的成员。随后 reconcile()（调和）更新依赖记录的一切，这里是 hosts 文件里的名字。disconnect() 删除地址、路由和连接跟踪条目，所以这个地址的下一个拥有者不会继承任何东西。',
  'stranger now reaches web': '现在 stranger 能到达 web',
  'stranger now knows the name web': '现在 stranger 知道 web 这个名字',
  'stranger reaches the gateway of testbridge': 'stranger 能到达 testbridge 的网关',
  'the host reaches stranger at its new address': '宿主机能通过新地址到达 stranger',
  'the new interface has no IPv6 address': '新接口没有 IPv6 地址',
  'the kernel tracks these connections': '内核在跟踪这些连接',
  'detached again, stranger no longer reaches web': '断开之后，stranger 又到达不了 web',
  'the kernel no longer tracks these connections': '内核不再跟踪这些连接',
  'The host does not become a router': '宿主机不会变成路由器',
  'Containers reach the Internet only if the host forwards packets. This host forwarded nothing before, so the library switched forwarding on. But then the host would also forward between its other interfaces. One element in the firewall prevents that: only packets from or to our networks are forwarded. Here a LAN joins the host, and outside has a route to that LAN.':
    '只有宿主机转发数据包，容器才能访问互联网。这台宿主机此前不转发任何数据包，所以库开启了转发。但这样一来，宿主机也会在它的其他接口之间转发。防火墙中的一个元素防止了这一点：只转发来自我们的网络或发往我们的网络的数据包。这里，一个局域网接入宿主机，outside 也有到这个局域网的路由。',
  'outside has a route to the LAN': 'outside 有到局域网的路由',
  'The last command added the route. So a missing route is not the reason for what comes next.':
    '最后一条命令添加了这条路由。所以接下来的结果并不是因为缺少路由。',
  'outside sends a packet to 198.18.0.2. What is the next hop?':
    'outside 向 198.18.0.2 发送一个数据包。下一跳是什么？',
  'the host, 203.0.113.2': '宿主机 203.0.113.2',
  'none: outside has no route': '没有：outside 没有路由',
  'lan reaches the published port of web': 'lan 能访问 web 的已发布端口',
  'A published port is for everybody. The packet goes to a network of the library, so the host forwards it.':
    '已发布的端口对所有机器开放。这个数据包发往库的网络，所以宿主机转发它。',
  'lan gets no answer from the Internet: the host does not forward for it':
    'lan 得不到互联网的应答：宿主机不为它转发',
  'The host forwards only packets from or to networks of the library, because it forwarded nothing before the first of them.':
    '宿主机只转发来自库的网络或发往库的网络的数据包，因为在第一个网络出现之前，它什么都不转发。',
  'the host forwards nothing, as before the first network':
    '宿主机不转发任何数据包，与第一个网络出现之前一样',
  'The library noted that forwarding was off, and switched it off again with the last network. If it had been on, it would have stayed on.':
    '库记下了转发原本是关闭的，并在删除最后一个网络时重新关闭它。如果原本是开启的，就会保持开启。',
  'The last network is removed. Does the host still forward packets?':
    '最后一个网络已删除。宿主机还转发数据包吗？',
  'no: it is as it was before': '不转发：与之前一样',
  'yes: forwarding stays on': '转发：转发保持开启',
  'Nothing is left': '什么都没有留下',
  'All containers are detached, and their addresses and ports are free again. When the last network is removed, the nftables tables are removed too. The library never touches what others made, for example the interface to outside.':
    '所有容器都已断开，它们的地址和端口重新空闲。删除最后一个网络时，这些 nftables 表也一并删除。库从不改动别人创建的东西，例如通往 outside 的接口。',
  'web gets no answer when it sends with an address that is not its own':
    'web 用不属于自己的地址发送时，得不到应答',
  'client gets no answer when it sends with an address that is not its own':
    'client 用不属于自己的地址发送时，得不到应答',
  'stranger gets no answer when it sends with an address that is not its own':
    'stranger 用不属于自己的地址发送时，得不到应答',
  'on testbridge, too, stranger gets no answer when it sends with an address that is not its own':
    '在 testbridge 上，stranger 用不属于自己的地址发送时，同样得不到应答',
  'A container sends with an address that is not its own. Does it get an answer?':
    '容器用不属于自己的地址发送。它能收到应答吗？',
  'The firewall drops each frame whose source is not the container itself. So no container can pretend to be another one.':
    '防火墙丢弃源地址不属于该容器的每一个帧。所以没有容器能冒充另一个容器。',
  'the firewall has forgotten the addresses of this interface': '防火墙里不再有这个接口的地址',
  'the firewall has forgotten the addresses of all containers': '防火墙里不再有任何容器的地址',
  'Each interface is a few elements in sets of the firewall. They go with the interface, and the rules stay as they are.':
    '每个接口在防火墙的集合里只是几个元素。它们随接口一起删除，规则保持不变。',
  'no veth device of the networks is left': '没有留下网络的 veth 设备',
  'no connection of the containers is tracked any more': '不再跟踪容器的任何连接',
  'the published port is free again': '发布的端口重新空闲',
  'the firewall no longer contains testbridge': '防火墙里不再有 testbridge',
  'no bridge of the networks is left': '没有留下网络的网桥',
  'the nftables tables are gone': '两张 nftables 表已删除',

  // questions, and why it is so
  'No command has run yet, so nobody has this address. The same question after the call shows what the call did.':
    '还没有执行任何命令，所以没有接口有这个地址。调用之后再问一次，就能看出调用做了什么。',
  'The library has done nothing yet. Does an interface have the address 192.168.0.1?':
    '库还什么都没做。会有接口带着地址 192.168.0.1 吗？',
  "The call planned a bridge, its address and the firewall, and applied them as you did by hand. The first address of the subnet became the gateway's.":
    '这次调用规划了网桥、它的地址和防火墙，并像你手动那样应用。子网的第一个地址成为网关。',
  'Which address does the new bridge have?': '新网桥有哪个地址？',
  '192.168.0.1/24, the first one of the subnet': '192.168.0.1/24，子网的第一个地址',
  'none: somebody must still add it': '没有：还要另外添加',
  'The port is not published yet, and no program on the host listens there. So the kernel refuses the connection.':
    '端口还没有发布，宿主机上也没有程序在那里监听。所以内核拒绝连接。',
  'The name web stands in the hosts file of client, which the library wrote. The ping itself needs only the bridge.':
    '名字 web 在 client 的 hosts 文件中，是库写进去的。ping 本身只需要网桥。',
  'The library keeps the hosts files of all containers up to date, also those of containers that started earlier.':
    '库随时更新所有容器的 hosts 文件，先启动的容器也不例外。',
  'The host is a member of the network: it has 192.168.0.1 on the bridge. So it reaches each container directly.':
    '宿主机是这个网络的成员：它在网桥上有 192.168.0.1。所以它能直接到达每个容器。',
  "The library brings lo up, which 'ip netns add' does not. It turns IPv6 off on this network, because the network has no IPv6 subnet.":
    "库会启用 lo，而 'ip netns add' 不会。它在这个网络上关闭 IPv6，因为网络没有 IPv6 子网。",
  "What does 'ip address' show in the container?": "容器里的 'ip address' 显示什么？",
  'lo is down, or there is an IPv6 address': 'lo 是 down，或者有 IPv6 地址',
  'lo is up, and there is no IPv6 address': 'lo 已启用，没有 IPv6 地址',
  "Packets to other networks leave with the host's address, as with your MASQUERADE rule. Here the source is looked up in a set of all networks.":
    '去其他网络的包以宿主机的地址离开，和你的 MASQUERADE 规则一样。这里的源地址在一个包含所有网络的集合里查找。',
  'DNAT finds the destination in a map: port 80 leads to web. The source is not changed, so web sees the real client.':
    'DNAT 在一个映射里找到目的地址：80 端口通向 web。源地址不变，所以 web 看到真实的客户端。',
  'Packets of the host itself pass OUTPUT, so the map is used there too. You needed a rule of its own for that.':
    '宿主机自己的包经过 OUTPUT，所以那里也使用这个映射。你当时为此需要另一条规则。',
  "The library sets route_localnet and gives the packet the gateway's address as its source. You did both by hand in the scenario dnat.":
    '库设置 route_localnet，并给包换上网关的地址作为源地址。在场景 dnat 中，这两件事是你手动做的。',
  'The packet of web comes back to web. Without another source address, web would answer to itself, and the connection would not match.':
    'web 的包又回到 web。不换源地址，web 会应答给自己，连接就对不上了。',
  "The neighbour's answer must come back through the host, which changed the destination. So the host uses its own address as the source.":
    '邻居的应答必须经宿主机返回，因为宿主机改写过目的地址。所以宿主机用自己的地址作为源地址。',
  'The library turns IPv6 off on the bridges of networks without an IPv6 subnet. So no address and no route appears by itself.':
    '没有 IPv6 子网的网络，库会在网桥上关闭 IPv6。所以不会自己冒出地址和路由。',
  'Both bridges are up. Which IPv6 routes do they have?':
    '两个网桥都已启用。它们有哪些 IPv6 路由？',
  'routes to fe80::/64, as every interface': '到 fe80::/64 的路由，和每个接口一样',
  none: '没有',
  'The same as for the first two containers: lo is up, and this network has no IPv6.':
    '和前两个容器一样：lo 已启用，这个网络没有 IPv6。',
  "What does 'ip address' show in stranger?": "stranger 里的 'ip address' 显示什么？",
  'The second network was one more element in the set of the MASQUERADE rule. The rule itself did not change.':
    '第二个网络只是 MASQUERADE 规则的集合中又一个元素。规则本身没有变。',
  'The rules drop packets from one network to another. The host could route them, but networks are isolated by default.':
    '规则丢弃从一个网络到另一个网络的包。宿主机本来可以路由它们，但网络默认是隔离的。',
  'The isolation works in both directions: each network is in the same set.':
    '隔离在两个方向上都有效：每个网络都在同一个集合里。',
  'Only members of the same network are in the hosts file. A name would be of no use without a path.':
    '只有同一网络的成员才在 hosts 文件里。没有路径，名字也没有用。',
  'stranger looks web up in its hosts file. What does it find?':
    'stranger 在自己的 hosts 文件里查 web。它找到什么？',
  'the address of web': 'web 的地址',
  'The published port belongs to the host, and everybody may use it. The packet gets its new destination before the isolation is checked.':
    '发布的端口属于宿主机，任何人都可以使用。包先换上新的目的地址，然后才检查隔离。',
  'Port 8080 leads to port 80 of stranger. This is the hairpin again: the packet leaves and comes back.':
    '8080 端口通向 stranger 的 80 端口。这又是 hairpin：包出去又回来。',
  'Each published port is one element of the map, for all addresses of the host, also for localhost.':
    '每个发布的端口是映射的一个元素，对宿主机的所有地址有效，也包括 localhost。',
  'stranger has an interface in both networks now, so the path is direct. The isolation is not involved.':
    'stranger 现在在两个网络里都有接口，所以路径是直接的，与隔离无关。',
  'reconcile() wrote the hosts files again, because the members of testbridge have changed.':
    'testbridge 的成员变了，所以 reconcile() 重写了 hosts 文件。',
  'stranger is a member of testbridge now. What does its hosts file say about web?':
    'stranger 现在是 testbridge 的成员。它的 hosts 文件里 web 是什么？',
  'The gateway is on the same bridge as the new interface.': '网关和新接口在同一个网桥上。',
  'The host has a route to 192.168.0.0/24 through the bridge. It does not matter that stranger is also in another network.':
    '宿主机有经过网桥到 192.168.0.0/24 的路由。stranger 同时在另一个网络里，并不影响。',
  'The rule for IPv6 applies to each interface that the library makes, also to a later one.':
    '关于 IPv6 的规则适用于库创建的每个接口，后来添加的也一样。',
  'Does the new interface have an IPv6 address?': '新接口有 IPv6 地址吗？',
  'yes, one that begins with fe80': '有，以 fe80 开头',
  'The ping of the host made an entry: the kernel tracks every connection, not only those with NAT.':
    '宿主机的 ping 留下了一个表项：内核跟踪每条连接，不只是有 NAT 的连接。',
  'The host has pinged 192.168.0.4. Does the kernel remember that?':
    '宿主机 ping 过 192.168.0.4。内核记得吗？',
  'disconnect() removed the interface, the address and the route. The two networks are isolated again.':
    'disconnect() 删除了接口、地址和路由。两个网络又隔离了。',
  'disconnect() deleted the entries of this address. Otherwise packets of an old connection could reach the next owner of the address.':
    'disconnect() 删除了这个地址的表项。否则旧连接的包可能到达这个地址的下一个主人。',
  'stranger has left testbridge. What is left of its connections?':
    'stranger 离开了 testbridge。它的连接还剩下什么？',
  'entries with 192.168.0.4': '带有 192.168.0.4 的表项',
  'Each endpoint was one veth pair, and its end removes both ends. All devices of the library have names that begin with ndv or nd-.':
    '每个端点是一对 veth，删除时两端都消失。库的所有设备的名字都以 ndv 或 nd- 开头。',
  'All containers are detached. Which devices of theirs are left?':
    '所有容器都已断开。它们的设备还剩下哪些？',
  'some that begin with ndv': '一些以 ndv 开头的',
  'The library deletes the entries together with the address. An address without history can be given out again.':
    '库把地址和表项一起删除。没有历史的地址可以再次分配。',
  'Which connections of the containers does the kernel still track?':
    '内核还在跟踪容器的哪些连接？',
  some: '一些',
  'The element of the map is gone, so the packet is for the host itself again. There, nothing listens.':
    '映射中的元素没有了，所以包又是发给宿主机自己的。那里没有程序在监听。',
  'The network was three elements in the sets, and they are gone. The other network still needs the table.':
    '这个网络是集合中的三个元素，它们已经没有了。另一个网络还需要这张表。',
  'testbridge is removed, and other is not. Does the firewall still mention testbridge?':
    'testbridge 已删除，other 还在。防火墙里还有 testbridge 吗？',
  'Each network had one bridge, and removing the network removes it.':
    '每个网络有一个网桥，删除网络也就删除了它。',
  'Which bridges are left?': '还剩下哪些网桥？',
  'one that begins with nd-': '一个以 nd- 开头的',
  "none of the library's": '没有库的网桥',
  'The last network takes both tables with it. The library leaves no rule behind, and it never touched the rules of others.':
    '最后一个网络带走了这两张表。库不留下任何规则，也从不碰别人的规则。',
  'Are the nftables tables of the library still there?': '库的 nftables 表还在吗？',
  'yes, but empty': '在，但是空的',
  'A library does what you did by hand, in the same order, and keeps records so that it can undo it.':
    '库做的和你手动做的一样，顺序也一样；它保存记录，所以能撤销。',
  'One table with sets and maps replaces a list of rules: a change is an element, in one transaction.':
    '一张带有集合和映射的表代替了一长串规则：一次改动就是一个事务里的一个元素。',
  'Addresses, names, ports and connection entries have an owner, and end with it.':
    '地址、名字、端口和连接表项都有主人，并随主人一起消失。',
  'docker network create --subnet 192.168.0.0/24 testbridge: the first call of this scenario':
    'docker network create --subnet 192.168.0.0/24 testbridge：这个场景的第一次调用',
  'nft list ruleset: what Docker and netdojo have in the firewall, side by side':
    'nft list ruleset：Docker 和 netdojo 在防火墙里的内容，放在一起看',
  'kubectl get networkpolicy: in a cluster, all pods reach each other until a policy isolates them':
    'kubectl get networkpolicy：在集群里，所有 pod 互相可达，直到策略把它们隔开',
}

export default catalogue

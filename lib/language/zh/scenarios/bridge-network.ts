// Translates the scenario bridge-network into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The whole system: networks and containers with the library': '完整的系统：用库来管理网络和容器',
  "Here a program does what the other scenarios did by hand: netdojo's own library, in TypeScript. It keeps records, gives out addresses, and makes the same changes in the kernel as your commands did. The scenario shows each call as it stands in the source, followed by the equivalent commands. In 'npm run shell', 'netdojo network create --explain' shows these commands too.":
    "在这里，由程序来完成其他场景中手工完成的工作：netdojo 自己的库，用 TypeScript 编写。它保存记录、分配地址，对内核所做的修改与你输入的命令相同。场景按源码显示每次调用，后面列出等效的命令。在 'npm run shell' 里，'netdojo network create --explain' 也会显示这些命令。",
  'Create a network': '创建网络',
  "The library creates a bridge with the gateway's address, and one nftables table. The rules in this table never change. Networks and published ports are elements of its sets and maps, so a thousand of them cost no more than one. Records and used addresses are stored on disk.":
    '库会创建一个带网关地址的网桥和一张 nftables 表。表中的规则从不改变。网络和发布的端口都是集合（set）与映射（map）里的元素，所以一千个也不比一个更费资源。记录和已占用的地址保存在磁盘上。',
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
  'Nothing is left': '什么都没有留下',
  'All containers are detached, and their addresses and ports are free again. When the last network is removed, the nftables table is removed too. The library never touches what others made, for example the interface to outside.':
    '所有容器都已断开，它们的地址和端口重新空闲。删除最后一个网络时，nftables 表也一并删除。库从不改动别人创建的东西，例如通往 outside 的接口。',
  'no veth device of the networks is left': '没有留下网络的 veth 设备',
  'no connection of the containers is tracked any more': '不再跟踪容器的任何连接',
  'the published port is free again': '发布的端口重新空闲',
  'the firewall no longer contains testbridge': '防火墙里不再有 testbridge',
  'no bridge of the networks is left': '没有留下网络的网桥',
  'the nftables table is gone': 'nftables 表已删除',
}

export default catalogue

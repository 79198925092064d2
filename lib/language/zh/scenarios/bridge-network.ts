// The scenario bridge-network in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The whole system: networks and containers, by the library': '完整的系统：用库来管理网络和容器',
  "What the other scenarios did by hand, a program does here: netdojo's own library, in TypeScript. It keeps records, gives out addresses, and drives the kernel with the very commands that you have typed. Each call is shown as it is written, and under it what it amounts to; 'netdojo network create --explain' shows the same in 'npm run shell'.":
    "其他场景里手工做的事，这里由程序来做：netdojo 自己的库，用 TypeScript 写成。它保存记录、分配地址，并用你亲手敲过的那些命令驱动内核。每次调用都按源码原样显示，下面列出它实际执行的命令；在 'npm run shell' 里，'netdojo network create --explain' 显示的也是这些。",
  'Create a network': '创建网络',
  "A bridge with the gateway's address, and one nftables table of ours. Its rules never change: networks and published ports are elements of its sets and maps, so that a thousand of them cost no more than one. The records, and which addresses are taken, are kept on the disk.":
    '一个带网关地址的网桥，加上我们自己的一张 nftables 表。表中的规则从不改变：网络和发布的端口都是集合（set）与映射（map）里的元素，所以一千个并不比一个更费。记录和地址的占用情况保存在磁盘上。',
  'nobody is the gateway yet': '网关还不存在',
  'the host has the first address of the subnet, on the bridge':
    '宿主机在网桥上有了子网的第一个地址',
  'Two containers': '两个容器',
  'A container is a program with namespaces of its own. Its network is complete before the program runs: a cable from the bridge, an address from the bitmap, the way out. The first one publishes a port.':
    '容器就是拥有自己命名空间的程序。程序运行之前，它的网络已经完备：从网桥接来的网线、从位图分配的地址、通往外部的路由。第一个容器还发布了一个端口。',
  'From inside': '从内部访问',
  'Both are on one switch. The names of the containers stand in a hosts file that each of them has, and that follows who comes and goes. To the Internet, the host lends its address.':
    '两个容器接在同一台交换机上。容器的名字写在各自的 hosts 文件里，随着容器的加入和离开而更新。访问互联网时，由宿主机借出自己的地址。',
  'client reaches web by its name': 'client 用名字就能到达 web',
  'web reads what client serves': 'web 读到了 client 提供的页面',
  'so does the host': '宿主机也能',
  'web has its address and localhost, and no IPv6 address that nobody asked for':
    'web 有自己的地址和 localhost，没有多余的 IPv6 地址',
  'client has its address and localhost, and no IPv6 address that nobody asked for':
    'client 有自己的地址和 localhost，没有多余的 IPv6 地址',
  'web reads a page on the Internet, whose server sees the host':
    'web 读到了互联网上的网页，那里的服务器看到的是宿主机',
  'client reads a page on the Internet, whose server sees the host':
    'client 读到了互联网上的网页，那里的服务器看到的是宿主机',
  'The published port, from everywhere': '从各处访问发布的端口',
  'From outside the container sees the real client. Where the answer would take a shorter way back than the question came, the host puts its own address in between.':
    '从外部访问时，容器看到的是真实的客户端。如果应答会抄比请求更短的近路返回，宿主机就用自己的地址隔在中间。',
  'from outside': '从外部',
  'from the host, by the address of its network card': '从宿主机，通过网卡的地址',
  'from the host, by localhost': '从宿主机，通过 localhost',
  'from the container itself: out of its port and in again (hairpin)':
    '从容器自己：从它的端口出去，又绕回来（发夹 NAT，hairpin）',
  'from its neighbour': '从相邻的容器',
  'A second network is a world of its own': '第二个网络自成一个世界',
  "The host could route between the two, and must not: a network's containers are for its members only. What they publish is for everybody. For the firewall, another network is three more elements.":
    '宿主机本来可以在两个网络之间路由，但不允许这样做：一个网络里的容器只供本网络的成员访问，发布的端口则对所有人开放。对防火墙来说，多一个网络不过是多三个元素。',
  'neither bridge can have an IPv6 address: their networks have no IPv6':
    '两个网桥都不会有 IPv6 地址：这两个网络没有 IPv6',
  'stranger has its address and localhost, too': 'stranger 也有自己的地址和 localhost',
  'it reads pages on the Internet': '它能读取互联网上的网页',
  'but does not reach web': '但到达不了 web',
  'nor web it': 'web 也到达不了它',
  'nor does it know the name': '它也不知道这个名字',
  'what web publishes is for stranger, too': 'web 发布的端口，stranger 也能访问',
  'and what stranger publishes for itself': 'stranger 自己发布的，它自己也能访问',
  'and for localhost': '从 localhost 也能访问',
  'Plugging in and out while it runs': '运行时接入和断开',
  'A second cable makes stranger a member of both networks; to reconcile is to bring all that hangs on the records up to date, here the names that the containers know. Unplugging takes the address, the route and what the kernel remembers of its connections: the next owner of the address inherits nothing.':
    '第二根网线让 stranger 同时成为两个网络的成员；调和（reconcile）就是让依据记录而来的一切都跟上变化，这里指的是各容器所知道的名字。断开时，地址、路由以及内核记住的连接都一并清除：这个地址的下一个拥有者什么都不会继承。',
  'now stranger reaches web': '现在 stranger 能到达 web',
  'and knows its name': '也知道它的名字',
  'and the gateway': '也能到达网关',
  'which reaches it': '网关也能到达它',
  'here, too, without an IPv6 address': '这里同样没有 IPv6 地址',
  'the kernel remembers these connections': '内核记着这些连接',
  'unplugged again, it does not': '断开之后，又到达不了了',
  'and all is forgotten': '而且全都忘掉了',
  'Nothing is left': '什么都没留下',
  'What was plugged in is unplugged, addresses and ports are free again, and the last network takes the table along. What others have made, here the cable to outside, was never touched.':
    '接上的都断开，地址和端口重新空闲，最后一个网络把 nftables 表也一并带走。别人创建的东西，比如这里通往 outside 的网线，从来没有动过。',
  'no cable hangs about': '没有遗留的网线',
  'and no connection': '也没有遗留的连接',
  'the port is free again': '端口重新空闲',
  'the firewall has forgotten this network, and knows the other':
    '防火墙已忘掉这个网络，仍记着另一个',
  'no bridge': '没有网桥',
  'and no rule of ours': '也没有我们的规则',
}

export default catalogue

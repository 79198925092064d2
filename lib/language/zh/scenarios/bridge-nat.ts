// Translates the scenario bridge-nat into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The complete path: bridge, routes, MASQUERADE and DNAT':
    '完整的路径：网桥、路由、MASQUERADE 与 DNAT',
  "Build by hand the network that 'docker run -p 80:80' makes. Two containers (here only their network namespaces) are on one bridge. They reach each other, the host and the Internet. The Internet reaches one published port. Each part also has its own scenario, which explains it step by step.":
    "手工搭建 'docker run -p 80:80' 所建立的网络。两个容器（这里只取它们的网络命名空间）接在同一个网桥上。它们能互相到达，也能到达宿主机和互联网。互联网能访问其中一个发布的端口。每个部分还有自己的场景，一步一步地讲解。",
  'Two namespaces and a switch': '两个命名空间和一台交换机',
  "The bridge is a switch in software. A veth pair is the cable from the bridge to a namespace. A command after the prompt ns1$ runs in the namespace ns1. To run it from the host, put 'ip netns exec ns1' in front of it.":
    "网桥是用软件实现的交换机。veth 对是从网桥到命名空间的网线。提示符 ns1$ 后面的命令在命名空间 ns1 中执行。要从宿主机执行它，在前面加上 'ip netns exec ns1'。",
  'without an address, ns1 has no route to ns2': 'ns1 没有地址，就没有到 ns2 的路由',
  'A gateway and default routes': '网关和默认路由',
  'The bridge gets an address, so the host is a member of this network. The host is the gateway: the namespaces send it every packet for another network.':
    '给网桥配置地址后，宿主机就加入了这个网络。宿主机是网关：命名空间把发往其他网络的包都交给它。',
  "ns1 has no route to the host's outer address": 'ns1 没有到宿主机外部地址的路由',
  "ns1 reaches the host's outer address": 'ns1 能到达宿主机的外部地址',
  "ns2 reaches the host's outer address": 'ns2 能到达宿主机的外部地址',
  'The way out: MASQUERADE': '出去的路：MASQUERADE',
  'The host becomes a router. It replaces the source of outgoing packets with its own address, because no machine outside has a route to 172.18.0.0/24.':
    '宿主机成为路由器。它把出去的包的源地址换成自己的地址，因为外部没有任何机器有到 172.18.0.0/24 的路由。',
  'without MASQUERADE, ns1 gets no answer': '没有 MASQUERADE，ns1 收不到应答',
  'ns1 reaches a server on the Internet': 'ns1 能到达互联网上的一台服务器',
  "ns2 reads the page of that server, which sees the host's address":
    'ns2 能读到这台服务器的网页，服务器看到的是宿主机的地址',
  'The way in: DNAT': '进来的路：DNAT',
  "The host publishes its port 80 for ns1: packets for this port get another destination. '--dst-type LOCAL' limits the rule to the host's own addresses.":
    "宿主机为 ns1 发布自己的 80 端口：发往这个端口的包换成另一个目的地址。'--dst-type LOCAL' 把规则限定在宿主机自己的地址上。",
  'no program listens on port 80 of the host': '宿主机的 80 端口上没有程序在监听',
  'outside reaches ns1 through the published port, and ns1 sees the real client':
    'outside 通过发布的端口能访问 ns1，ns1 看到真实的客户端',
  'ns1 still reads pages on the Internet': 'ns1 仍然能读取互联网上的网页',

  // questions, and why it is so
  'The cables and the bridge are ready, but ns1 has no address and so no route. The kernel refuses at once.':
    '网线和网桥都准备好了，但 ns1 没有地址，也就没有路由。内核立刻拒绝。',
  'Both namespaces are on one bridge and in one network. ns1 asks by ARP, and the bridge passes the frames on.':
    '两个命名空间在同一个网桥上、同一个网段内。ns1 用 ARP 询问，网桥转发这些帧。',
  'The other direction needs the same: ns2 has an address and its route to 172.18.0.0/24.':
    '反方向需要同样的东西：ns2 有地址，也有到 172.18.0.0/24 的路由。',
  'br0 has an address in this network, so the host has the route 172.18.0.0/24 dev br0. The bridge is now also an interface of the host.':
    'br0 在这个网段内有地址，所以宿主机有路由 172.18.0.0/24 dev br0。网桥现在也是宿主机的一个接口。',
  '203.0.113.2 is the host too, but ns1 does not know that. It has no route to that network.':
    '203.0.113.2 也是宿主机，但 ns1 不知道。它没有到那个网段的路由。',
  'The default route sends the packet to 172.18.0.1, which is the host. 203.0.113.2 is an address of the host itself, so nothing must be forwarded.':
    '默认路由把包发给 172.18.0.1，也就是宿主机。203.0.113.2 是宿主机自己的地址，所以不需要转发。',
  'Each namespace has its own routing table, so ns2 needed its own default route.':
    '每个命名空间都有自己的路由表，所以 ns2 需要自己的默认路由。',
  'The request leaves with the source 172.18.0.2, and outside has no route back. Forwarding alone is not enough.':
    '请求以 172.18.0.2 为源地址离开，而 outside 没有返回的路由。只有转发还不够。',
  "MASQUERADE gave the request the host's address. The answer came to the host, which restored the address of ns1.":
    'MASQUERADE 给请求换上宿主机的地址。应答到达宿主机，宿主机再换回 ns1 的地址。',
  'The server sees 203.0.113.2, as for every container behind this host. Many containers share one address of the Internet.':
    '服务器看到 203.0.113.2，这台宿主机后面的每个容器都是如此。许多容器共用互联网上的一个地址。',
  'ns2 reads a page on the Internet. Which client does that server see?':
    'ns2 读取互联网上的网页。那台服务器看到的客户端是谁？',
  '172.18.0.3, ns2': '172.18.0.3，ns2',
  'The server runs in ns1, and not on the host. On port 80 of the host nothing listens yet.':
    '服务器运行在 ns1 中，而不在宿主机上。宿主机的 80 端口上还没有程序在监听。',
  'DNAT led the connection to ns1 and left the source as it was. The answer goes back through the host, because it is the default gateway of ns1.':
    'DNAT 把连接引到 ns1，源地址保持不变。应答经宿主机返回，因为宿主机是 ns1 的默认网关。',
  'Port 80 of the host leads to ns1. Which client does ns1 see when outside asks?':
    '宿主机的 80 端口通向 ns1。outside 访问时，ns1 看到的客户端是谁？',
  "The packet of ns1 is for 198.51.100.1, which is no address of the host. Without '--dst-type LOCAL', ns1 would read its own page here.":
    "ns1 的包发往 198.51.100.1，那不是宿主机的地址。没有 '--dst-type LOCAL'，ns1 在这里会读到自己的网页。",
  'A container network is a bridge, a veth pair for each container, an address and a default route.':
    '容器网络就是一个网桥、每个容器一对 veth、一个地址和一条默认路由。',
  'The way out is forwarding and MASQUERADE; the way in is DNAT.':
    '出去靠转发和 MASQUERADE，进来靠 DNAT。',
  "'docker run -p 80:80' does no more than these 22 commands.":
    "'docker run -p 80:80' 做的不外乎这 22 条命令。",
  'docker run -d -p 80:80 --name web nginx: the same network in one command':
    'docker run -d -p 80:80 --name web nginx：一条命令搭好同样的网络',
  'nsenter --net=/proc/PID/ns/net ip address: its eth0, the other end of a veth on docker0':
    'nsenter --net=/proc/PID/ns/net ip address：它的 eth0，另一端是 docker0 上的 veth',
  'kubectl expose pod web --port=80 --type=NodePort: the published port of a cluster':
    'kubectl expose pod web --port=80 --type=NodePort：集群里的端口发布',
}

export default catalogue

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
  'ns2 reads the page of that server': 'ns2 能读到这台服务器的网页',
  "the server sees the host's address": '服务器看到的是宿主机的地址',
  'The way in: DNAT': '进来的路：DNAT',
  "The host publishes its port 80 for ns1: packets for this port get another destination. '--dst-type LOCAL' limits the rule to the host's own addresses.":
    "宿主机为 ns1 发布自己的 80 端口：发往这个端口的包换成另一个目的地址。'--dst-type LOCAL' 把规则限定在宿主机自己的地址上。",
  'no program listens on port 80 of the host': '宿主机的 80 端口上没有程序在监听',
  'outside reaches ns1 through the published port': 'outside 通过发布的端口能访问 ns1',
  'ns1 sees the real client': 'ns1 看到的是真实的客户端',
  'ns1 still reads pages on the Internet': 'ns1 仍然能读取互联网上的网页',
}

export default catalogue

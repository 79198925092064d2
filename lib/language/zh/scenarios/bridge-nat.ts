// The scenario bridge-nat in Chinese: every text that it is the first to say, and none besides.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'The whole road: bridge, routes, MASQUERADE and DNAT': '完整的路：网桥、路由、MASQUERADE 与 DNAT',
  "This is the network that 'docker run -p 80:80' makes, by hand: two containers (here, their bare network namespaces) on a bridge, with a way to each other, to the host, to the Internet and, for one published port, from the Internet. Each of the parts has a scenario of its own, which takes it slowly.":
    "这就是 'docker run -p 80:80' 所建立的网络，由我们手工搭建：两个容器（这里只取它们的网络命名空间）接在一个网桥上，彼此相通，能到达宿主机和互联网；互联网则可以通过一个发布的端口访问进来。每个部分都另有一个场景慢慢讲解。",
  'Two namespaces and a switch': '两个命名空间和一台交换机',
  "The bridge is the switch, a veth pair the cable to each namespace. ns1$ means that a command runs in there: on the host, put 'ip netns exec ns1' in front of it.":
    "网桥是交换机，veth 对是通往各个命名空间的网线。ns1$ 表示命令在其中执行；在宿主机上，等于在命令前加上 'ip netns exec ns1'。",
  'plugged in, but without addresses: no way to each other': '网线插好了，但没有地址：彼此还不通',
  'A gateway, and routes through it': '网关，以及经过它的路由',
  'The host joins the network with an address on the bridge. For all that is not on their own network, the namespaces send to it.':
    '给网桥配一个地址，宿主机就加入了这个网络。凡是不在本网段的，命名空间都发给它。',
  'the host reaches ns1': '宿主机能到达 ns1',
  "ns1 has no route to the host's own address": 'ns1 没有到宿主机自身地址的路由',
  'ns1 reaches it': 'ns1 能到达了',
  'so does ns2': 'ns2 也能',
  'The way out: MASQUERADE': '出去的路：MASQUERADE',
  "The host becomes a router, and writes its own address over the sender's on the way out, since nobody outside has a route to 172.18.0.0/24.":
    '宿主机成为路由器，并在包出去时用自己的地址盖掉发送者的地址，因为外面没有谁拥有到 172.18.0.0/24 的路由。',
  'no answer comes back to a private address': '发往私有地址的应答回不来',
  'ns1 reaches a server on the Internet': 'ns1 能到达互联网上的服务器',
  'ns2 reads its page': 'ns2 读到了它的网页',
  "the server saw the host's address": '服务器看到的是宿主机的地址',
  'The way in: DNAT': '进来的路：DNAT',
  "The host lends its port 80 to ns1: what arrives for it there gets another destination. The rule is for the host's own addresses only ('--dst-type LOCAL').":
    "宿主机把自己的 80 端口借给 ns1：到达该端口的包换成另一个目的地址。规则只针对宿主机自己的地址（'--dst-type LOCAL'）。",
  'nobody answers on port 80 of the host': '宿主机的 80 端口上没有谁应答',
  'outside reaches ns1 there': 'outside 由此能访问 ns1',
  'ns1 saw the real client': 'ns1 看到的是真实的客户端',
  'ns1 can still read pages on the Internet': 'ns1 仍然能读取互联网上的网页',
}

export default catalogue

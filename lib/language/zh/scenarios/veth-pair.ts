// Translates the scenario veth-pair into Chinese. A text that several of them use stands with the first one in teaching order.
import type { Catalogue } from '../../catalogue.ts'

const catalogue: Catalogue = {
  'A cable between two network namespaces': '两个网络命名空间之间的一根网线',
  'A network namespace is a second network stack on the same machine, with its own interfaces, addresses, routes and firewall rules. A new namespace is empty and connected to nothing. A veth pair (virtual Ethernet) is a cable: what enters one end leaves the other end. Each end can be moved into another namespace. Every container network starts with these two.':
    '网络命名空间（network namespace）是同一台机器上的另一套网络协议栈，有自己的接口、地址、路由和防火墙规则。新的命名空间是空的，没有连接任何网络。veth 对（virtual Ethernet，虚拟以太网）就像一根网线：从一端进入的数据从另一端出来。两端可以分别移入不同的命名空间。每个容器网络都从这两样东西开始。',
  'Two empty networks': '两个空的网络',
  "A command after the prompt ns1$ runs in the namespace ns1. To run it from the host, put 'ip netns exec ns1' in front of it.":
    "提示符 ns1$ 后面的命令在命名空间 ns1 中执行。要从宿主机执行它，在前面加上 'ip netns exec ns1'。",
  'a new namespace has only a loopback interface (lo), which is down and has no address':
    '新的命名空间只有一个回环接口（lo），它处于 down 状态，没有地址',
  'A cable between the two': '用一根网线连接两者',
  'Create the pair on the host, then move each end into its namespace. After that, the host no longer sees the two ends.':
    '先在宿主机上创建 veth 对，再把两端分别移入各自的命名空间。之后，宿主机就看不到这两端了。',
  'the cable is not enough: without an address, ns1 has no route to ns2':
    '只有网线还不够：ns1 没有地址，就没有到 ns2 的路由',
  'An address at each end': '两端各配一个地址',
  'An address with its prefix length (/24) does two things. The interface answers for this address. The kernel also adds a route: 172.18.0.0/24 is directly reachable through this interface. The interface must also be up.':
    '带前缀长度（/24）的地址有两个作用。接口会为这个地址应答；内核还会添加一条路由：172.18.0.0/24 可以从这个接口直接到达。接口还必须处于 up 状态。',
  'ns1 reaches ns2': 'ns1 能到达 ns2',
  'ns2 reaches ns1': 'ns2 能到达 ns1',
  'A default route through a device': '指定设备的默认路由',
  "The route to 172.18.0.0/24 does not cover other addresses. Give each side a second address outside that range. 'default dev veth0' means: every other address is directly reachable on this cable. The kernel then asks on the cable which machine has the address (ARP, Address Resolution Protocol).":
    "到 172.18.0.0/24 的路由不包括其他地址。给两边各加一个该网段以外的地址。'default dev veth0' 的意思是：其他所有地址都可以在这根网线上直接到达。内核于是在网线上询问哪台机器拥有这个地址（ARP，地址解析协议）。",
  'ns1 has no route to 192.0.2.2': 'ns1 没有到 192.0.2.2 的路由',
  'with a default route, ns1 reaches 192.0.2.2': '有了默认路由，ns1 能到达 192.0.2.2',
  'ns2 has no route to 192.0.2.1 yet': 'ns2 还没有到 192.0.2.1 的路由',
  'with a default route of its own, ns2 reaches 192.0.2.1':
    '有了自己的默认路由，ns2 能到达 192.0.2.1',
}

export default catalogue

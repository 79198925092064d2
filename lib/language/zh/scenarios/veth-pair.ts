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

  // questions, and why it is so
  'The kernel gives each new namespace its own loopback interface, and nothing else. It is down, so not even ping 127.0.0.1 works there.':
    '内核给每个新的命名空间一个自己的回环接口，别的什么都没有。它处于 down 状态，所以在里面连 ping 127.0.0.1 都不行。',
  'What does a new namespace have?': '新的命名空间里有什么？',
  'only lo, down and without an address': '只有 lo，down，没有地址',
  'lo with 127.0.0.1, ready to use': '带 127.0.0.1、可以使用的 lo',
  'ns1 has no address, so its routing table is empty. Without a route, the kernel refuses at once and sends no packet.':
    'ns1 没有地址，所以它的路由表是空的。没有路由，内核立刻拒绝，不发送任何包。',
  'Both ends are up, and both addresses are in 172.18.0.0/24. The route that came with the address says that ns2 is directly reachable through veth0.':
    '两端都已启用，两个地址都在 172.18.0.0/24 中。随地址而来的路由表明：ns2 可以从 veth0 直接到达。',
  'The cable works in both directions. ns2 has its own address, and so its own route to 172.18.0.0/24.':
    '网线在两个方向上都能用。ns2 有自己的地址，也就有自己到 172.18.0.0/24 的路由。',
  '192.0.2.2 is outside of 172.18.0.0/24, and ns1 has no other route. So the kernel refuses before it sends anything.':
    '192.0.2.2 在 172.18.0.0/24 之外，ns1 又没有其他路由。所以内核还没发送就拒绝了。',
  'The default route sends every other address out of veth0. There, ns1 asks by ARP for 192.0.2.2, and ns2 answers because the address is its own. The answer comes back to 172.18.0.2, for which ns2 has a route.':
    '默认路由把其他所有地址都从 veth0 发出去。ns1 在那里用 ARP 询问 192.0.2.2，ns2 有这个地址，于是应答。应答的目的地址是 172.18.0.2，ns2 有到它的路由。',
  'Each namespace has its own routing table. Your default route in ns1 changed nothing in ns2.':
    '每个命名空间都有自己的路由表。你在 ns1 中添加的默认路由没有改变 ns2。',
  'Now ns2 has a default route of its own. Both directions need a route, because an answer is a packet too.':
    '现在 ns2 有了自己的默认路由。两个方向都需要路由，因为应答也是一个包。',
  'A namespace has its own interfaces, addresses, routes and rules, and at first only lo, which is down.':
    '命名空间有自己的接口、地址、路由和规则；一开始只有 lo，而且是 down。',
  'A cable alone is not enough: each end needs to be up and to have an address.':
    '只有网线不够：两端都要启用，都要有地址。',
  'An address brings a route to its own network. All other addresses need another route, on both sides.':
    '地址带来到本网段的路由。其他地址需要另外的路由，而且两边都要。',
  "docker inspect -f '{{.State.Pid}}' web: the process whose namespace it is":
    "docker inspect -f '{{.State.Pid}}' web：这个进程的命名空间就是容器的命名空间",
  'nsenter --net=/proc/PID/ns/net ip address: the interfaces in that namespace':
    'nsenter --net=/proc/PID/ns/net ip address：该命名空间中的接口',
  'kubectl exec POD -- ip route: the same view from inside a pod':
    'kubectl exec POD -- ip route：在 pod 里面看到的也一样',
}

export default catalogue
